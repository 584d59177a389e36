// What `agora doctor --json` prints. The shape is fixed: programs read it.
import type { Finding } from "./doctor-finding.ts";

/** One check: `name` is stable and stands once for each thing looked at; `fix` is null where nothing has to be done. */
export interface Check {
  readonly name: string;
  /** Whether it is well; false for a doubt too. */
  readonly ok: boolean;
  readonly sentence: string;
  readonly fix: string | null;
}

export interface Report {
  readonly checks: readonly Check[];
}

/** The findings as programs read them. */
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
