// `pnpm test`: types, lint, format, then all tests. The tests with the real clients run with AGORA_REAL=1 only, as they
// need the clients installed (`node test/clients/install.ts`); otherwise one line says that they were left out.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { CODEX_VERSIONS } from "../test/clients/codex-installed.ts";
import { VERSIONS } from "../test/clients/installed.ts";

const CHECKS = [
  ["tsc"],
  ["tsc", "-p", "packages/browser"],
  ["tsc", "-p", "packages/console"],
  ["oxlint", "--type-aware"],
  ["oxfmt", "--check"],
] as const;

/** What is read of a vitest JSON report. */
interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages?: readonly string[];
    }[];
  }[];
}

interface Outcome {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** The names of the tests with real clients that passed. */
  readonly namesOfClients: readonly string[];
  /** What failed, with its file and the first lines of why; told at the very end, where nobody has to look for it. */
  readonly failures: readonly string[];
  readonly left: readonly string[];
}

const MAX_FAILURE_LINES = 12;
const firstLines = (text: string): string => text.split("\n").slice(0, MAX_FAILURE_LINES).join("\n    ");

function failuresOf(report: Report): string[] {
  return report.testResults.flatMap((file) => {
    const failed = file.assertionResults.filter((r) => r.status === "failed");
    const path = relative(process.cwd(), file.name);
    if (failed.length === 0 && file.status === "failed") return [`${path}\n    ${firstLines(file.message)}`];
    return failed.map((r) => `${path} > ${r.fullName}\n    ${firstLines((r.failureMessages ?? []).join("\n"))}`);
  });
}

/** Runs the checks one after the other, quietly, beside the tests, which mostly wait; gives what those that failed said. */
async function runChecks(): Promise<readonly string[]> {
  const failed: string[] = [];
  for (const [command, ...args] of CHECKS) {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], shell: false });
    let said = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => (said += text));
    const code = await new Promise((resolve) => child.once("error", resolve).once("close", resolve));
    if (code !== 0) failed.push(`${[command, ...args].join(" ")}\n${said.trimEnd()}`);
  }
  return failed;
}

/** How long all tests of one kind may take. */
const RUN_MS = 120 * 60_000;
/** How long vitest may take to end when its report is written: it waits for whatever a test left running. */
const END_MS = 60_000;

/** Runs vitest to its end, or ends it; true: nothing failed, in the tests nor outside of them. */
function runVitest(args: readonly string[], report: string): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn("vitest", args, { stdio: "inherit", shell: false });
    const started = Date.now();
    let written: number | undefined;
    let didHang = false;
    const watch = setInterval(() => {
      if (written === undefined && existsSync(report)) written = Date.now();
      didHang = written !== undefined && Date.now() - written > END_MS;
      const isLate = Date.now() - started > RUN_MS;
      if (!didHang && !isLate) return;
      if (didHang) console.error("Noticed: a test left a process behind that held the test runner, which was ended:");
      else console.error(`The tests did not end within ${RUN_MS / 60_000} minutes. What runs:`);
      spawnSync("ps", ["-eo", "pid,ppid,etimes,args"], { stdio: "inherit" });
      clearInterval(watch);
      child.kill("SIGKILL");
    }, 1_000);
    child.once("error", (error) => {
      clearInterval(watch);
      console.error(`vitest could not be started: ${error.message}`);
      resolve(false);
    });
    child.once("close", (code) => {
      clearInterval(watch);
      resolve(code === 0 || didHang); // what hung has written its report: that one tells
    });
  });
}

/** Runs the tests; a suite that could not even be loaded counts as failed too. */
async function runTests(): Promise<Outcome> {
  const path = join(tmpdir(), `agora-test-${process.pid}.json`);
  const words = ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${path}`];
  const isGreen = await runVitest(words, path);
  try {
    const report = JSON.parse(readFileSync(path, "utf8")) as Report;
    const results = report.testResults.flatMap((file) => file.assertionResults);
    const failures = failuresOf(report);
    return {
      passed: report.numPassedTests,
      failed: Math.max(failures.length, isGreen ? 0 : 1),
      skipped: report.numPendingTests + report.numTodoTests,
      namesOfClients: report.testResults
        .filter((file) => file.name.includes("/test/clients/"))
        .flatMap((file) => file.assertionResults)
        .filter((r) => r.status === "passed")
        .map((r) => r.fullName),
      failures,
      left: results.filter((r) => r.status === "pending" || r.status === "skipped").map((r) => r.fullName),
    };
  } catch {
    return {
      passed: 0,
      failed: 1,
      skipped: 0,
      namesOfClients: [],
      failures: ["vitest gave no report"],
      left: [],
    };
  } finally {
    rmSync(path, { force: true });
  }
}

const checking = runChecks();
const outcome = await runTests();
const failedChecks = await checking;
let unproven = 0;
if (process.env["AGORA_REAL"] === "1") {
  for (const version of [...VERSIONS, ...CODEX_VERSIONS]) {
    if (outcome.namesOfClients.some((name) => name.includes(version))) continue;
    unproven += 1;
    console.error(`No test ran with the real client ${version}.`);
  }
} else
  console.log("Left out: the tests with the real Claude Code and Codex (AGORA_REAL=1 runs them; see CONTRIBUTING.md).");

for (const name of outcome.left) console.log(`Skipped: ${name}`);
for (const check of failedChecks) console.error(`Failed: ${check}`);
for (const failure of outcome.failures) console.error(`Failed: ${failure}`);
const failed = outcome.failed + failedChecks.length + unproven;
console.log(`${outcome.passed} passed, ${failed} failed, ${outcome.skipped} skipped`);
process.exitCode = failed === 0 ? 0 : 1;
