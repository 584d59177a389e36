// What `agora doctor --json` prints. The shape is stable: programs read it.
import type { Finding } from "./doctor-finding.ts";

/** One check: `name` is stable and unique per thing checked; `fix` is null when nothing needs doing. */
export interface Check {
  readonly name: string;
  /** Whether it is well; false also when in doubt. */
  readonly ok: boolean;
  readonly sentence: string;
  readonly fix: string | null;
}

export interface Report {
  readonly checks: readonly Check[];
}

/** The findings in machine-readable form. */
export function reportOf(findings: readonly Finding[]): Report {
  return {
    checks: findings.map(({ check, state, detail, fix = null }) => ({
      name: check.replaceAll(" ", "-"),
      ok: state === "ok",
      sentence: detail,
      fix,
    })),
  };
}
