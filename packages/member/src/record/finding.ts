// What the verification of a record finds, in words for people and codes for programs.

/** What is wrong, as a program tells it apart. */
export type FindingCode =
  | "unreadable"
  | "forged"
  | "altered"
  | "another-room"
  | "another-key"
  | "missing"
  | "broken-chain"
  | "conflict"
  | "out-of-order"
  | "forged-grant"
  | "revoked-grant"
  | "bad-statement"
  | "ended-key"
  | "agents-key"
  | "certifiers-key"
  | "unchained"
  | "unchecked";

/** One thing found. */
export interface Finding {
  readonly code: FindingCode;
  /** Where it stands: file and line, as the caller named them. */
  readonly where?: string;
  /** One sentence. */
  readonly message: string;
}

/** A key that said something, and whose it is. */
export interface CertifiedKey {
  readonly author: string;
  readonly key: string;
  /** The person's root, as it is now. */
  readonly root: string;
  readonly device: string;
  readonly as: "member" | "agent";
  /** It was revoked, or ended with its device or root. */
  readonly ended?: true;
}

/** What was found: a fault means that the record isn't whole, a note that something could not be told. */
export interface Report {
  readonly events: number;
  readonly authors: number;
  /** The authors' keys that the journal shows a person for. */
  readonly keys: readonly CertifiedKey[];
  readonly faults: readonly Finding[];
  readonly notes: readonly Finding[];
}

/** Audience in words: `to the room`, `in #dev`, `to @bob, @carol`. */
export function audienceWords(audience: string): string {
  if (audience === "*") return "to the room";
  if (audience.startsWith("#")) return `in ${audience}`;
  const names = audience.slice(1).split(",");
  return `to ${names.map((name) => `@${name}`).join(", ")}`;
}
