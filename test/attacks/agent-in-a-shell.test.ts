// An agent with a shell of its own user wants to be the person: it unsets the variables of its client, or starts with an
// empty environment. Its client's process is still among the parents.
import { spawn } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Person, type Ran, Town } from "../test-users.ts";

let town: Town;
let ann: Person;
beforeAll(async () => {
  town = new Town();
  ann = town.person("ann", await town.relay());
  if ((await ann.start()).code !== 0) throw new Error("ann did not get in");
});
afterAll(() => town[Symbol.asyncDispose]());

const PATH = process.env["PATH"] ?? "";

/** Types a command below the given program, with a clean environment, in a session of its own without a terminal. */
function below(program: string, words: readonly string[], ...command: readonly string[]): Promise<Ran> {
  const env = { PATH, HOME: ann.home, AGORA_HOME: ann.home };
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...words, process.execPath, ann.entry, ...command], {
      cwd: ann.project,
      env,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    let out = "";
    let err = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, out, err }));
  });
}

/** A Node script that runs its arguments in a shell and waits for it, as a client's tool does. */
function clientScript(path: string): string {
  mkdirSync(join(path, ".."), { recursive: true });
  const run = 'const { spawnSync } = require("node:child_process"); const [program, ...words] = process.argv.slice(2);';
  const exit = 'process.exit(spawnSync(program, words, { stdio: "inherit" }).status ?? 9);';
  writeFileSync(path, `${run}\n${exit}\n`);
  return path;
}

const SHELL = ["-c", '"$@"; exit $?', "sh"];

test.skipIf(process.platform === "win32")(
  "a client's script and a client's program are found among the parents",
  async () => {
    const scripts = [
      "node_modules/@anthropic-ai/claude-code/cli.js",
      "node_modules/@google/gemini-cli/dist/index.js",
      "bin/opencode",
      "bin/qwen",
      "cursor-agent/index.js",
    ].map((name) => clientScript(join(town.folder, name)));
    for (const script of scripts) {
      const ran = await below(process.execPath, [script, "/bin/sh", ...SHELL], "mode", "auto");
      const err = expect.stringMatching(/mode auto belongs to the person.*agora console/) as unknown;
      expect({ script, ...ran }).toMatchObject({ script, code: 1, err });
    }
    const program = join(town.folder, "codex");
    copyFileSync("/bin/bash", program);
    chmodSync(program, 0o755);
    expect(await below(program, SHELL, "mode", "auto")).toMatchObject({ code: 1 });
  },
);

test("what belongs to the person is refused there, one by one", async () => {
  const client = clientScript(join(town.folder, "bin", "claude"));
  for (const command of [
    ["accept", "some-thread"],
    ["append", "some-thread", "yes"],
    ["mode", "auto"],
    ["trust", "ben"],
    ["grant", "ben", "operator"],
    ["remove", "#x", "ben"],
    ["admit", "#x", "ben"],
    ["answer", "some-question", "yes"],
    ["ban", "ben"],
    ["more", "some-thread"],
    ["invite"],
    ["room", "create", "den"],
    ["resident", "token", "eve"],
    ["start", "--mode", "auto"],
    ["uninstall", "--yes"],
  ]) {
    const ran = await below(process.execPath, [client], ...command);
    // It says where the person can: the agent has no terminal to be asked at, and passes this on.
    const isInConsole = !["invite", "room", "resident", "uninstall"].includes(command[0]!);
    const where = isInConsole ? /their client or in a terminal.*agora console/ : /in a terminal of their own\.$/m;
    const err = expect.stringMatching(where) as unknown;
    expect({ command, ...ran }).toMatchObject({ command, code: 1, err });
  }
});

test("what it says there is the agent's own", async () => {
  const client = clientScript(join(town.folder, "bin", "claude"));
  const said = await below(process.execPath, [client], "say", "--json", "hello");
  expect(said).toMatchObject({ code: 0, err: "" });
  const { id } = JSON.parse(said.out) as { id: string };
  const lines = (await ann.ask<{ lines: readonly { id: string; role: string }[] }>(["history"])).lines;
  expect(lines.find((line) => line.id === id)?.role).toBe("agent");
});

test.skipIf(process.platform === "win32")(
  "an editor, a multiplexer, a plain shell and no terminal at all are no agents",
  async () => {
    for (const name of ["cursor", "code", "tmux: server", "zellij"]) {
      const program = join(town.folder, name);
      copyFileSync("/bin/bash", program);
      chmodSync(program, 0o755);
      const set = await below(program, SHELL, "mode", "manual");
      const trusted = await below(program, SHELL, "trust", "nobody");
      const refused = trusted.err.includes("belongs to the person");
      expect({ name, code: set.code, refused }).toEqual({ name, code: 0, refused: false });
    }
  },
);
