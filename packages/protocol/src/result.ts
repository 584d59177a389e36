/** Expected failure as a value: what can go wrong with bad input is returned, never thrown. */
export type Result<T, Code extends string = string> = { readonly ok: true; readonly value: T } | Failure<Code>;

/** A failure: one of a closed set of codes for programs, and one sentence for people. */
export interface Failure<Code extends string = string> {
  readonly ok: false;
  readonly code: Code;
  readonly message: string;
}

/** Wraps a value as success. */
export function ok<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

/** Makes a failure; `message` is one sentence that says what is wrong and what to do. */
export function fail<Code extends string>(code: Code, message: string): Failure<Code> {
  return { ok: false, code, message };
}
