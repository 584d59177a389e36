import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { scratchHome } from "../test/scratch.ts";
import { type HookProof, hookReach, type HookSign, noteHookSign, readHookProofs } from "./hook-proofs.ts";

const codex = { client: "codex", version: "0.171.0" };

it("keeps the latest time of each sign, per client and version, the one seen last first", async () => {
  const home = scratchHome();
  expect(readHookProofs(home)).toEqual([]);
  await noteHookSign(home, codex, "opened", 1);
  await noteHookSign(home, codex, "arrived", 2);
  await noteHookSign(home, { ...codex, version: "0.172.0" }, "missed", 3);
  await noteHookSign(home, codex, "arrived", 2.5);
  expect(readHookProofs(home)).toEqual([
    { client: "codex", version: "0.172.0", missed: 3 },
    { client: "codex", version: "0.171.0", opened: 1, arrived: 2.5 },
  ]);
});

it("loses no sign when sessions write at once, and keeps no more versions than it may", async () => {
  const home = scratchHome();
  const versions = Array.from({ length: 40 }, (_, i) => ({ client: "codex", version: `0.${i}.0` }));
  await Promise.all(versions.map((version, at) => noteHookSign(home, version, "opened", at + 1)));
  expect(readHookProofs(home)).toHaveLength(32);
  await Promise.all((["opened", "arrived"] as const).map((sign) => noteHookSign(home, codex, sign, 100)));
  expect(readHookProofs(home)[0]).toEqual({ ...codex, opened: 100, arrived: 100 });
});

it("takes no version that is none, and reads no file that is none of ours", async () => {
  const home = scratchHome();
  await noteHookSign(home, { client: "codex", version: "1.0\u001b[2J" }, "opened", 1);
  expect(readHookProofs(home)).toEqual([]);
  mkdirSync(home.path, { recursive: true, mode: 0o700 });
  for (const text of [
    "",
    "[]",
    '{"proofs":7}',
    '{"proofs":[null,{"client":"codex","version":"\\u001b","opened":1}]}',
  ]) {
    writeFileSync(join(home.path, "hook-proofs.json"), text, { mode: 0o600 });
    expect(readHookProofs(home)).toEqual([]);
  }
});

it.each<[Partial<Record<HookSign, number>>, number, string]>([
  [{}, 0, "unproven"],
  [{ opened: 1 }, 2, "unproven"],
  [{ opened: 1, arrived: 2 }, 3, "reach"],
  [{ opened: 3, arrived: 2 }, 4, "reach"], // a session that was opened just now may still come to it
  [{ opened: 3, arrived: 2 }, 70_000, "unproven"],
  [{ opened: 1, missed: 2 }, 3, "fail"],
  [{ opened: 1, refused: 2 }, 3, "fail"],
  [{ missed: 2, arrived: 3 }, 4, "reach"],
  [{ arrived: 2, missed: 3 }, 4, "fail"],
])("%j at %i ms: %s", (signs, now, reach) => {
  expect(hookReach({ ...codex, ...signs } satisfies HookProof, now)).toBe(reach);
});
