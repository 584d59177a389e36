// The real Codex with hooks that are installed and trusted, and that it never runs: everybody who can still speak says so.
import { describe, expect, test } from "vitest";
import { CODEX_NEWEST } from "./codex-installed.ts";
import { codexTool } from "./codex-people.ts";
import { runCodex } from "./codex-session.ts";
import { openMixedCrowd } from "./mixed-network.ts";

interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly sentence: string;
}

describe(`hooks that never come, Codex ${CODEX_NEWEST}`, () => {
  test("model, status, who and doctor tell it apart from fine, and the next hook that comes ends it", async () => {
    await using crowd = await openMixedCrowd();
    const rules = [{ when: { user: "LOOK", firstOfTurn: true }, reply: { tool: codexTool("who"), input: {} } }];
    const alice = await crowd.codex("alice", { rules });
    await alice.start();
    const doctor = async (...words: string[]) =>
      (JSON.parse((await alice.agora("doctor", "--json", ...words)).stdout) as { checks: readonly Check[] }).checks;
    const hooks = async (...words: string[]) => (await doctor(...words)).find(({ name }) => name === "hooks");

    await runCodex({ ...alice.setup, args: ["-c", "features.hooks=false"] }, "LOOK");
    expect((await alice.model.requests()).at(-1)?.fresh).toContain(
      `No hook of Agora has reached this session of Codex ${CODEX_NEWEST}`,
    );
    const failed = { ok: false, sentence: expect.stringMatching(/hooks fail in Codex/) as string };
    expect(await hooks()).toMatchObject(failed);
    const woken = await doctor("--wake");
    expect(woken.find(({ name }) => name === "hooks")).toMatchObject(failed);
    expect(woken.filter(({ name }) => name === "wake-test").map(({ sentence }) => sentence)).toContainEqual(
      expect.stringContaining("hooks fail"),
    );
    for (const command of ["status", "who"])
      expect((await alice.agora(command)).stdout).toContain(`Agora's hooks fail in codex ${CODEX_NEWEST}`);

    await runCodex(alice.setup, "agora:who");
    expect(await hooks()).toMatchObject({ ok: true });
    expect((await alice.agora("status")).stdout).not.toContain("hooks fail");
  });
});
