import type { HookSign } from "@agora/user-config";
import { manualClock } from "@agora/ports/testing";
import { describe, expect, test } from "vitest";
import { createHookWatch } from "./hook-watch.ts";

async function watchOf(work: (watch: ReturnType<typeof createHookWatch>) => void, joined = true): Promise<string[]> {
  const signs: string[] = [];
  await using watch = createHookWatch({
    prefix: "agora:",
    membership: { project: "/project", joined: () => joined },
    clock: manualClock(),
    note: async (version: string, sign: HookSign) => void signs.push(`${version} ${sign}`),
  });
  watch.opened({ title: "Codex", version: "0.172.0" });
  work(watch);
  return signs;
}

describe("whether hooks reach a session", () => {
  test("a call of the model before any hook is told once, with the version, and what does not work", async () => {
    const signs = await watchOf((watch) => {
      expect(watch.called()).toMatch(/^No hook of Agora has reached this session of Codex 0\.172\.0: .*agora:… /);
      expect(watch.called()).toBeUndefined();
      expect(watch.hooked).toBe(false);
    });
    expect(signs).toEqual(["0.172.0 opened", "0.172.0 missed"]);
  });

  test("a hook is the proof, written once in a session, also after a call that came before it", async () => {
    const signs = await watchOf((watch) => {
      watch.called();
      watch.arrived();
      watch.arrived();
      expect(watch.called()).toBeUndefined();
    });
    expect(signs).toEqual(["0.172.0 opened", "0.172.0 missed", "0.172.0 arrived"]);
  });

  test("what was not taken for a hook is written, unless hooks come", async () => {
    expect(await watchOf((watch) => watch.refused())).toContain("0.172.0 refused");
    const signs = await watchOf((watch) => {
      watch.arrived();
      watch.refused();
    });
    expect(signs).not.toContain("0.172.0 refused");
  });

  test("a project that never joined leaves no trace and is told nothing", async () => {
    const signs = await watchOf((watch) => {
      expect(watch.called()).toBeUndefined();
      watch.arrived();
      watch.refused();
    }, false);
    expect(signs).toEqual([]);
  });
});
