// The commands about the program itself: help, version, completion, logs, report-bug.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  appendFileSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { type CommandWords, isCommandName, parseWords, TERMINAL_COMMANDS, VOCABULARY } from "@agora/commands";
import { describe, expect, test } from "vitest";
import { PATIENCE_MS, until } from "../../../test/wait-until.ts";
import { ENTRY } from "../../../test/program.ts";
import { VERSION } from "../src/version.ts";
import { agora, temporary } from "./run-cli.ts";

const HELP: Readonly<Record<string, CommandWords>> = { ...VOCABULARY, ...TERMINAL_COMMANDS };

describe("help", () => {
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

test("version, three ways", async () => {
  using place = temporary();
  for (const word of ["version", "-V", "--version"])
    expect(await agora(place.folder, [word])).toEqual({ code: 0, out: `${VERSION}\n`, err: "" });
  expect(JSON.parse((await agora(place.folder, ["version", "--json"])).out)).toMatchObject({ version: VERSION });
});

describe("completion", () => {
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

  test.skipIf(!has("zsh"))("zsh completes commands and options", async () => {
    using place = temporary();
    writeFileSync(join(place.folder, "agora.zsh"), (await agora(place.folder, ["completion", "zsh"])).out);
    // A zsh with its line editor, in a terminal of its own; what it completes to is in the line that Enter prints.
    const script = [
      "zmodload zsh/zpty",
      "zpty z zsh -f -i",
      'send() { zpty -w z "$1"; }',
      "send 'PS1= ; stty -echo cols 200; autoload -Uz compinit; compinit -D -u; agora() { print -r -- \"GOT<$*>\"; }'",
      `send 'source ${join(place.folder, "agora.zsh")}; print READY''DONE'`,
      "zpty -r z line '*READYDONE*'",
      "for typed in 'agora unin' 'agora say --th' 'agora room cr'; do",
      "  zpty -w -n z \"$typed\"$'\\t'$'\\n'",
      "  zpty -r z line '*GOT<*>*'",
      "  print -r -- ${${line##*GOT<}%%>*}",
      "done",
    ].join("\n");
    const env = { PATH: process.env["PATH"] ?? "", HOME: place.folder, ZDOTDIR: place.folder, TERM: "xterm" };
    const ran = spawnSync("zsh", ["-f", "-c", script], { encoding: "utf8", env, timeout: PATIENCE_MS });
    const completed = ran.stdout
      .trim()
      .split("\n")
      .map((line) => line.trim());
    expect({ completed, err: ran.stderr }).toEqual({
      completed: ["uninstall", "say --thread", "room create"],
      err: "",
    });
  });

  test.skipIf(!has("fish"))("fish completes commands and options", async () => {
    using place = temporary();
    const script = join(place.folder, "agora.fish");
    writeFileSync(script, (await agora(place.folder, ["completion", "fish"])).out);
    const complete = (line: string): string[] => {
      const code = `source ${script}; complete --do-complete '${line}'`;
      const env = { PATH: process.env["PATH"] ?? "", HOME: place.folder };
      const ran = spawnSync("fish", ["--no-config", "-c", code], { encoding: "utf8", env });
      expect(ran.stderr).toBe("");
      return ran.stdout.split("\n").map((found) => found.split("\t")[0]!);
    };
    expect(complete("agora unin")).toContain("uninstall");
    expect(complete("agora say --th")).toContain("--thread");
    expect(complete("agora room cr")).toContain("create");
  });

  test("a shell that we don't know is refused", async () => {
    using place = temporary();
    expect(await agora(place.folder, ["completion", "tcsh"])).toMatchObject({ code: 2, out: "" });
  });
});

/** In CI nothing is left out: there a shell that is missing fails its test. */
function has(shell: string): boolean {
  return process.env["CI"] !== undefined || spawnSync(shell, ["-c", ""]).status === 0;
}

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

describe("logs", () => {
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
    expect((await agora(place.folder, ["report-bug"])).out).not.toContain("sekret");
  });

  test.skipIf(process.platform === "win32")(
    "nor a linked folder, a hard link, or a pipe that nobody fills",
    async () => {
      const places: ((folder: string) => void)[] = [
        (folder) => symlinkSync(join(folder, "other"), join(folder, ".agora")),
        (folder) => {
          mkdirSync(join(folder, ".agora"));
          linkSync(join(folder, "other", "daemon.log"), join(folder, ".agora", "daemon.log"));
        },
        (folder) => {
          mkdirSync(join(folder, ".agora"));
          spawnSync("mkfifo", [join(folder, ".agora", "daemon.log")]);
        },
      ];
      for (const make of places) {
        using place = temporary();
        mkdirSync(join(place.folder, "other"));
        writeFileSync(join(place.folder, "other", "daemon.log"), `${JSON.stringify({ event: "sekret" })}\n`);
        make(place.folder);
        expect(await agora(place.folder, ["logs"])).toMatchObject({ code: 1, out: "" });
        const { code, out } = await agora(place.folder, ["report-bug"]);
        expect([code, out.includes("sekret")]).toEqual([0, false]);
      }
    },
  );

  test("of a huge log only the end is read", async () => {
    using place = temporary();
    withLog(place.folder);
    const path = join(place.folder, ".agora", "daemon.log");
    truncateSync(path, 3 * 1024 ** 3); // sparse: three GiB of nothing, more than a string can hold
    appendFileSync(path, `\n${JSON.stringify({ at: "2026-11-30T08:00:00.000Z", level: "info", event: "newest" })}\n`);
    expect((await agora(place.folder, ["logs", "-n", "1"])).out).toBe("2026-11-30T08:00:00.000Z info newest\n");
    expect((await agora(place.folder, ["report-bug"])).out).toContain("2026-11-30T08:00:00.000Z info newest");
  });

  test("logs -f goes on with what is written, also into a log that begins anew, until it is ended", async () => {
    using place = temporary();
    withLog(place.folder);
    const path = join(place.folder, ".agora", "daemon.log");
    const child = spawn(process.execPath, [ENTRY, "logs", "-f", "-n", "1"], {
      cwd: place.folder,
      env: { PATH: process.env["PATH"] ?? "", HOME: place.folder, AGORA_HOME: join(place.folder, "home") },
      stdio: ["ignore", "pipe", "inherit"],
    });
    let out = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
    const ended = once(child, "exit");
    const line = (event: string): string => JSON.stringify({ at: "now", level: "info", event });
    try {
      await until("the newest line", () => out.includes("sekret-words"));
      const [first, second] = [line("one"), line("half-of-it")];
      appendFileSync(path, `${first}\n${second.slice(0, -8)}`);
      await until("what was written", () => out.includes(" one\n"));
      expect(out).not.toContain("half");
      appendFileSync(path, `${second.slice(-8)}\n`);
      await until("the other half", () => out.includes(" half-of-it\n"));
      renameSync(path, `${path}.1`);
      writeFileSync(path, `${line("anew")}\n`);
      await until("the new log", () => out.includes(" anew\n"));
      expect(out.trimEnd().split("\n")).toHaveLength(4);
    } finally {
      child.kill();
      await ended;
    }
  });
});

test("report-bug has facts of ours alone, and keeps a file that is there", async () => {
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
