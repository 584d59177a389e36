// The two constructors of Result values, as in @agora/protocol. Repeated here because that package loads its schemas (8 ms),
// and code that runs at every prompt must not wait for them.
import type { Failure } from "@agora/protocol";

/** Wraps a value as success. */
export function ok<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

/** Makes a failure; `message` is one sentence that says what is wrong and what to do. */
export function fail<Code extends string>(code: Code, message: string): Failure<Code> {
  return { ok: false, code, message };
}
