// A test run that an agent starts: its tests play a person, so the runner must not stand below the agent's process.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { until } from "./wait-until.ts";

const ROOT = join(import.meta.dirname, "..");
const APART = join(ROOT, "scripts", "apart.ts");
const folder = mkdtempSync(join(tmpdir(), "agora-apart-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A client's script that runs what it is given, as its shell tool does. */
const CLIENT = join(folder, "bin", "claude");
mkdirSync(join(folder, "bin"));
writeFileSync(
  CLIENT,
  'const { spawn } = require("node:child_process"); const [program, ...words] = process.argv.slice(2);\n' +
    'const child = spawn(program, words, { stdio: "inherit" });\n' +
    'process.on("SIGTERM", () => child.kill("SIGTERM"));\n' +
    'child.once("exit", (code, signal) => process.exit(code ?? (signal === null ? 1 : 99)));\n',
);

/** Below the client: `node WORDS`, without and with the way apart. */
function below(isApart: boolean, ...words: readonly string[]): ChildProcess {
  const command = [CLIENT, process.execPath, ...(isApart ? [APART, process.execPath] : []), ...words];
  return spawn(process.execPath, command, { cwd: ROOT, stdio: ["pipe", "pipe", "pipe"] });
}

interface Ended {
  readonly code: number | null;
  readonly out: string;
}

async function outcome(child: ChildProcess): Promise<Ended> {
  let out = "";
  for (const stream of [child.stdout!, child.stderr!])
    stream.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stdin!.end("typed\n");
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, out };
}

const VITEST = join(ROOT, "node_modules", "vitest", "vitest.mjs");

test.skipIf(process.platform === "win32")(
  "a test file below an agent: its person is refused, and apart from it not",
  async () => {
    const asks = join(folder, "person.test.ts");
    writeFileSync(
      asks,
      `import { expect, test } from "vitest";\n` +
        `import { viaOfShell } from ${JSON.stringify(join(ROOT, "packages/commands/src/via.ts"))};\n` +
        `test("a person typed this", () => expect(viaOfShell({})).toBe("cli"));\n`,
    );
    const config = join(folder, "vitest.config.mjs");
    writeFileSync(config, `export default { test: { include: ["*.test.ts"], pool: "forks" } };\n`);
    const run = [VITEST, "run", "--root", folder, "--config", config];
    expect(await outcome(below(false, ...run))).toMatchObject({ code: 1 });
    const apart = await outcome(below(true, ...run));
    expect(apart).toMatchObject({ code: 0 });
    expect(apart.out).toContain("1 passed");
  },
);

test.skipIf(process.platform === "win32")("input, output and exit code go through", async () => {
  const program =
    'process.stdin.once("data", (d) => { console.log("got " + d); console.error("e"); process.exit(7); })';
  const { code, out } = await outcome(below(true, "-e", program));
  expect(code).toBe(7);
  expect(out).toContain("got typed");
  expect(out).toContain("e\n");
});

test.skipIf(process.platform === "win32")(
  "a signal reaches the program; who started it may die, and it ends",
  async () => {
    const pidFile = join(folder, "pid");
    const program = `require("node:fs").writeFileSync(${JSON.stringify(pidFile)}, String(process.pid)); setInterval(() => 0, 1000)`;
    const started = () =>
      until("the program's process", () => {
        try {
          return Number(readFileSync(pidFile, "utf8")) || undefined;
        } catch {
          return undefined;
        }
      });
    const gone = (pid: number) =>
      until("its end", () => {
        try {
          return !process.kill(pid, 0);
        } catch {
          return true;
        }
      });

    const told = below(true, "-e", program);
    const ending = outcome(told);
    const first = await started();
    told.kill("SIGTERM");
    expect((await ending).code).toBe(128 + 15);
    await gone(first);

    rmSync(pidFile);
    // Without the client between, so that killing it kills the one that holds the line.
    const killed = below(true, "-e", program);
    const second = await started();
    const { stdout } = spawnSync("ps", ["-axo", "pid=,ppid="], { encoding: "utf8" });
    const [, starter] = new RegExp(`^ *(\\d+) +${killed.pid}$`, "m").exec(stdout) ?? [];
    process.kill(Number(starter), "SIGKILL");
    await gone(second);
  },
);
