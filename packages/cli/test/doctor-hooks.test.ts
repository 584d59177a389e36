import type { HookProof } from "@agora/user-config";
import { TESTED_CLIENTS } from "@agora/install";
import { describe, expect, test } from "vitest";
import { checkReach, checkVersion } from "../src/doctor-hooks.ts";

const now = 10_000_000;
const trusted = "all 6 are trusted in Codex";
const codex = (version: string | undefined, ...proofs: readonly Omit<HookProof, "client">[]) => ({
  client: "codex" as const,
  version,
  proofs: proofs.map((proof) => ({ client: "codex", ...proof })),
  now,
});

describe("what the doctor says of hooks that are all trusted", () => {
  test.each([
    ["none ever came", codex("0.171.0"), "warn", /not proven in Codex 0\.171\.0: none has arrived yet$/],
    [
      "one came",
      codex("0.171.0", { version: "0.171.0", arrived: now - 5_000 }),
      "ok",
      /one arrived 5 s ago from Codex/,
    ],
    [
      "one came from another version",
      codex("0.172.0", { version: "0.171.0", arrived: 1 }),
      "warn",
      /not proven in Codex 0\.172\.0/,
    ],
    [
      "a session got none",
      codex("0.172.0", { version: "0.172.0", missed: now - 5_000 }),
      "fail",
      /hooks fail in Codex 0\.172\.0: a session called our tools without any, 5 s ago/,
    ],
    [
      "what came was not understood",
      codex("0.172.0", { version: "0.172.0", opened: 1, refused: now - 5_000 }),
      "fail",
      /hooks fail in Codex 0\.172\.0: what calls them has the marks of a model's call, 5 s ago/,
    ],
    [
      "it worked once, and the newest session got none so far",
      codex("0.171.0", { version: "0.171.0", arrived: 1_000, opened: now - 120_000 }),
      "warn",
      /none has arrived since a session was opened 2 min ago/,
    ],
    [
      "the client does not tell its version",
      codex(undefined, { version: "0.171.0", missed: 1 }),
      "fail",
      /in Codex 0\.171\.0/,
    ],
  ] as const)("%s", (_, facts, state, detail) => {
    expect(checkReach(facts, trusted)).toMatchObject({ state, detail: expect.stringMatching(detail) as string });
  });
});

describe("what the doctor says of a client's version", () => {
  const { newest } = TESTED_CLIENTS.codex;

  test("known, newer than what was tested, or none to speak of", () => {
    expect(checkVersion(codex(newest))).toMatchObject([{ check: "codex version", state: "ok" }]);
    expect(checkVersion(codex("999.0.0"))).toMatchObject([
      { state: "warn", detail: `Codex 999.0.0 is newer than what Agora was tested with (${newest})` },
    ]);
    expect(checkVersion(codex(undefined))).toEqual([]);
  });
});
