// node:crypto takes 2 ms to load: it is loaded by who needs it, at the moment of need, so that hooks in other projects don't pay.
import type * as Crypto from "node:crypto";

/** The crypto module, loaded at the first call. */
export function crypto(): typeof Crypto {
  return process.getBuiltinModule("node:crypto");
}

/** A file name made of facts: 16 hex digits of their SHA-256. */
export function hashName(...facts: readonly string[]): string {
  return crypto().createHash("sha256").update(facts.join("\n")).digest("hex").slice(0, 16);
}
