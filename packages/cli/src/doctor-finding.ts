// One result of the doctor: well, doubtful or broken, with the fix.

export interface Finding {
  readonly check: string;
  readonly state: "ok" | "warn" | "fail";
  readonly detail: string;
  /** How to fix it. */
  readonly fix?: string;
}

export function good(check: string, detail: string): Finding {
  return { check, state: "ok", detail };
}

export function doubtful(check: string, detail: string, fix: string): Finding {
  return { check, state: "warn", detail, fix };
}

export function broken(check: string, detail: string, fix: string): Finding {
  return { check, state: "fail", detail, fix };
}
