// Trusting our hooks in the real Codex by the doctor: asked in a terminal, done only on the person's yes.
import { describe, expect, test } from "vitest";
import { codexHookStatus, readConfig } from "./codex-home.ts";
import { CODEX_NEWEST } from "./codex-installed.ts";
import { codexAgora, type CodexPerson } from "./codex-people.ts";
import { runCodex } from "./codex-session.ts";
import { endedLine, type FullScreen, openFullScreen } from "./full-screen.ts";
import { openMixedCrowd } from "./mixed-network.ts";

const question = /Let Codex run Agora's hooks/;

/** `agora doctor --trust-hooks` on a screen of its own, up to its question. */
function openDoctor({ home, project, setup }: CodexPerson, env: Record<string, string> = {}): Promise<FullScreen> {
  return openFullScreen({
    net: setup.net,
    cwd: project,
    env: { ...home.env(), ...env },
    command: ["node", codexAgora, "doctor", "--trust-hooks"],
    ready: new RegExp(`${question.source}|${endedLine}`),
  });
}

describe.each(["plugin", "installer"] as const)(
  `the doctor asks about hooks, Codex ${CODEX_NEWEST} with the %s`,
  (way) => {
    test("a no changes nothing, a yes is carried to Codex, and the hooks run from the next session on", async () => {
      await using crowd = await openMixedCrowd();
      const alice = await crowd.codex("alice", { way, trust: false });
      await alice.start();
      const untouched = await readConfig(alice.home);
      const statuses = async () =>
        (await codexHookStatus(crowd.net, alice.home, alice.project)).map(({ trustStatus }) => trustStatus);
      const asked = async () => (await alice.model.requests()).length;

      // Nobody is there to answer: it only tells.
      const told = await alice.agora("doctor", "--trust-hooks");
      expect(told.stdout).toMatch(/fail hooks +Codex skips 6 of our 6 hooks/);
      expect(await readConfig(alice.home)).toBe(untouched);

      // An agent's shell is nobody, although it has a terminal.
      await using agents = await openDoctor(alice, { CODEX_SANDBOX: "1" });
      expect(await agents.waitFor(new RegExp(endedLine))).not.toMatch(question);

      for (const key of ["Enter", "n", "Escape"]) {
        await using doctor = await openDoctor(alice);
        await doctor.key(key);
        expect(await doctor.waitFor(new RegExp(`${endedLine} 1`))).toMatch(/Codex skips 6 of our 6 hooks/);
        expect(await readConfig(alice.home)).toBe(untouched);
      }
      await runCodex(alice.setup, "agora:who");
      expect(await asked()).toBe(1); // skipped: the words went to the model

      await using doctor = await openDoctor(alice);
      await doctor.key("y");
      expect(await doctor.waitFor(new RegExp(`${endedLine} 0`))).toMatch(/hooks +all 6 are trusted in Codex/);
      expect(await statuses()).toEqual(Array.from({ length: 6 }, () => "trusted"));
      expect((await readConfig(alice.home)).startsWith(untouched.trimEnd())).toBe(true);
      await runCodex(alice.setup, "agora:who");
      expect(await asked()).toBe(1); // carried out by the hook, with no request

      // Once trusted nothing is asked again.
      await using again = await openDoctor(alice);
      expect(await again.waitFor(new RegExp(`${endedLine} 0`))).not.toMatch(question);
    });
  },
);
