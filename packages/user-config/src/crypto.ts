// node:crypto takes 2 ms to load. Loading it when it is first needed spares hooks in other projects.
import type * as Crypto from "node:crypto";

/** The crypto module, loaded at the first call. */
export function crypto(): typeof Crypto {
  return process.getBuiltinModule("node:crypto");
}

/** A file name derived from facts: 16 hex digits of their SHA-256. */
export function hashName(...facts: readonly string[]): string {
  return crypto().createHash("sha256").update(facts.join("\n")).digest("hex").slice(0, 16);
}
