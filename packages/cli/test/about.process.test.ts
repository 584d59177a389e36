// The commands about the program itself: help, version, completion, logs, report-bug.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isCommandName, parseWords, VOCABULARY } from "@agora/commands";
import { describe, expect, test } from "vitest";
import { HELP } from "../src/help-table.ts";
import { VERSION } from "../src/version.ts";
import { agora, temporary } from "./run-cli.ts";

describe("help", { timeout: 60_000 }, () => {
  test("stands in groups, each command in one, each with an example", async () => {
    using place = temporary();
    const { out } = await agora(place.folder, ["--help"]);
    for (const group of ["Room:", "Talk:", "Decide:", "Setup:", "Operate:"]) expect(out).toContain(`\n${group}\n`);
    expect(out).not.toContain("\nCommands:\n");
    expect((await agora(place.folder, ["uninstall", "--help"])).out).toContain(
      `Example:\n  agora uninstall --dry-run\n`,
    );
    expect((await agora(place.folder, ["say", "--help"])).out).toContain(`Example:\n  ${HELP["say"]!.example}\n`);
  });

  test("each example is one of its command, and can be typed", () => {
    for (const [name, { example }] of Object.entries(HELP)) expect(example).toMatch(new RegExp(`^agora ${name}\\b`));
    for (const name of Object.keys(VOCABULARY).filter(isCommandName)) {
      const typed = HELP[name]!.example.match(/'[^']*'|\S+/g) ?? [];
      const words = typed.slice(2).map((word) => word.replaceAll("'", ""));
      expect([name, parseWords(name, words)]).toMatchObject([name, { ok: true }]);
    }
  });

  test("a command that there is not is answered with the nearest", async () => {
    using place = temporary();
    const ran = await agora(place.folder, ["unistall"]);
    expect(ran).toMatchObject({ code: 2, out: "", err: expect.stringMatching(/unknown.*uninstall/) as string });
  });
});

test("version, three ways", { timeout: 60_000 }, async () => {
  using place = temporary();
  for (const word of ["version", "-V", "--version"])
    expect(await agora(place.folder, [word])).toEqual({ code: 0, out: `${VERSION}\n`, err: "" });
  expect(JSON.parse((await agora(place.folder, ["version", "--json"])).out)).toMatchObject({ version: VERSION });
});

describe("completion", { timeout: 60_000 }, () => {
  test("bash completes commands and options", async () => {
    using place = temporary();
    const script = join(place.folder, "agora.bash");
    writeFileSync(script, (await agora(place.folder, ["completion", "bash"])).out);
    const complete = (line: string, at: number): string => {
      const code = `source ${script}; COMP_WORDS=(${line}); COMP_CWORD=${at}; _agora; echo "\${COMPREPLY[*]}"`;
      const ran = spawnSync("bash", ["--norc", "-c", code], { encoding: "utf8" });
      expect(ran.stderr).toBe("");
      return ran.stdout.trim();
    };
    expect(complete("agora unin", 1)).toBe("uninstall");
    expect(complete("agora say --th", 2)).toBe("--thread");
    expect(complete("agora room cr", 2)).toBe("create");
  });

  test("zsh and fish read theirs, where they are; another shell is refused", async () => {
    using place = temporary();
    for (const shell of ["zsh", "fish"]) {
      const { out } = await agora(place.folder, ["completion", shell]);
      expect(out).toContain("uninstall");
      const ran = spawnSync(shell, ["-n"], { input: out, encoding: "utf8" });
      if (ran.error === undefined) expect([shell, ran.stderr]).toEqual([shell, ""]);
    }
    expect(await agora(place.folder, ["completion", "tcsh"])).toMatchObject({ code: 2, out: "" });
  });
});

const LOG = [
  { at: "2026-11-30T07:00:00.000Z", level: "info", event: "session", state: "waiting", why: "bad-token", code: 1008 },
  {
    at: "2026-11-30T07:00:01.000Z",
    level: "warn",
    event: "frame",
    message: "sekret-words of @bob",
    token: "tok-sekret",
  },
];

function withLog(folder: string): void {
  mkdirSync(join(folder, ".agora"));
  writeFileSync(join(folder, ".agora", "daemon.log"), LOG.map((line) => `${JSON.stringify(line)}\n`).join(""));
}

describe("logs", { timeout: 60_000 }, () => {
  test("the newest lines, for people or as they are; none is said", async () => {
    using place = temporary();
    expect(await agora(place.folder, ["logs"])).toMatchObject({
      code: 1,
      err: expect.stringContaining("no log") as string,
    });
    withLog(place.folder);
    expect((await agora(place.folder, ["logs", "-n", "1"])).out).toMatch(/^2026-\S+ warn frame message=sekret-words/);
    const raw = (await agora(place.folder, ["logs", "--json"])).out.trimEnd().split("\n");
    expect(raw.map((line) => JSON.parse(line) as unknown)).toEqual(LOG);
  });

  test("a link in the place of the log is not followed", async () => {
    using place = temporary();
    mkdirSync(join(place.folder, ".agora"));
    writeFileSync(join(place.folder, "diary"), "sekret\n");
    symlinkSync(join(place.folder, "diary"), join(place.folder, ".agora", "daemon.log"));
    expect(await agora(place.folder, ["logs"])).toMatchObject({ code: 1, out: "" });
  });
});

test("report-bug has facts of ours alone, and keeps a file that is there", { timeout: 60_000 }, async () => {
  using place = temporary();
  withLog(place.folder);
  const { code, out } = await agora(place.folder, ["report-bug"], { AGORA_TOKEN: "tok-sekret" });
  expect(code).toBe(0);
  expect(out).toContain(`agora ${VERSION}`);
  expect(out).toContain("session waiting bad-token 1008");
  expect(out).not.toMatch(/sekret|bob/);
  expect(out).not.toContain(place.folder);
  const file = join(place.folder, "bug.txt");
  expect((await agora(place.folder, ["report-bug", "--file", file])).code).toBe(0);
  const written = readFileSync(file, "utf8");
  expect(await agora(place.folder, ["report-bug", "--file", file])).toMatchObject({ code: 1, out: "" });
  expect(readFileSync(file, "utf8")).toBe(written);
});
