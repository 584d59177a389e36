// `pnpm test`: types, lint, format, then all tests. The tests with the real clients run with AGORA_REAL=1 only, as they
// need the clients installed (`node test/clients/install.ts`); otherwise one line says that they were left out.
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const real = process.env["AGORA_REAL"] === "1";
const report = join(tmpdir(), `agora-test-${process.pid}.json`);

function run(command: string, ...args: string[]): boolean {
  const { status } = spawnSync(command, args, { stdio: "inherit", shell: false });
  return status === 0;
}

/** The counts of a vitest JSON report. */
function counts(): { passed: number; failed: number; skipped: number } {
  try {
    const json = JSON.parse(readFileSync(report, "utf8")) as {
      numPassedTests: number;
      numFailedTests: number;
      numPendingTests: number;
      numTodoTests: number;
      numFailedTestSuites: number;
    };
    return {
      passed: json.numPassedTests,
      failed: json.numFailedTests,
      skipped: json.numPendingTests + json.numTodoTests,
    };
  } catch {
    return { passed: 0, failed: 0, skipped: 0 };
  }
}

let checks = 0;
for (const [command, ...args] of [["tsc"], ["tsc", "-p", "packages/console"], ["oxlint", "--type-aware"], ["oxfmt", "--check"]] as const) {
  if (!run(command, ...args)) checks += 1;
}
const tested = run("vitest", "run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`);
const { passed, failed, skipped } = counts();
rmSync(report, { force: true });
if (!real)
  console.log("Left out: the tests with the real Claude Code and Codex (AGORA_REAL=1 runs them; see CONTRIBUTING.md).");
// A suite that could not even be loaded counts as failed too.
const broken = failed === 0 && !tested ? 1 : 0;
console.log(`${passed} passed, ${failed + checks + broken} failed, ${skipped} skipped`);
process.exitCode = tested && checks === 0 ? 0 : 1;
