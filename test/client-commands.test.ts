// Both clients have every command that makes sense there, generated from the one vocabulary.
import { describe, expect, test } from "vitest";
import { CLAUDE_FOLDER, clientCommandFiles, CODEX_FOLDER, TYPED, whyLacking } from "../scripts/client-command-files.ts";
import { SESSION_COMMANDS } from "../packages/cli/src/session-commands.ts";
import { SESSION_WORDS } from "../packages/commands/src/terminal-commands.ts";
import { filesUnder, textOf } from "./workspace-files.ts";

const inClaude = filesUnder(CLAUDE_FOLDER, () => true);
const inCodex = filesUnder(CODEX_FOLDER, () => true);

test("the plugins hold what the vocabulary gives; `node scripts/client-commands.ts` writes it", () => {
  const files = clientCommandFiles();
  expect([...inClaude, ...inCodex].sort()).toEqual([...files.keys()].sort());
  for (const [path, text] of files) expect({ path, text: textOf(path) }).toEqual({ path, text });
});

describe("the two lists", () => {
  const claude = inClaude.map((path) => /([\w-]+)\.md$/.exec(path)?.[1]);
  const codex = inCodex.map((path) => /([\w-]+)\/SKILL\.md$/.exec(path)?.[1]).filter((name) => name !== undefined);

  test("are every command but the exceptions, which have a reason", () => {
    for (const [client, names] of [
      ["claude", claude],
      ["codex", codex],
    ] as const) {
      const lacking = Object.entries(TYPED).flatMap(([name, words]) => {
        const reason = whyLacking(words, client);
        return reason === undefined ? [] : [{ name, reason }];
      });
      expect(new Set([...names, ...lacking.map(({ name }) => name)])).toEqual(new Set(Object.keys(TYPED)));
      for (const { name, reason } of lacking) {
        expect(names).not.toContain(name);
        expect(reason).toMatch(/\w+ \w+/);
      }
    }
  });

  test("hold what a person looks for first", () => {
    for (const name of ["status", "whoami", "invite", "console", "doctor", "trust"])
      expect([...claude, ...codex].filter((one) => one === name)).toHaveLength(2);
  });
});

test("what the program adds is described, and what is described is carried out", () => {
  expect(Object.keys(SESSION_COMMANDS).sort()).toEqual(Object.keys(SESSION_WORDS).sort());
});
