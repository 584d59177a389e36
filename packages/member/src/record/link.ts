// An event as a link of its author's chain in one audience, and whether two links contradict each other. Numbers and hashes alone:
// signatures were checked before.
import { audienceOf, type Head, linkOf, type Verifier } from "@agora/protocol";
import { markOf } from "../kernel/marks.ts";

/** One event in its author's chain. */
export interface Link {
  readonly id: string;
  readonly author: string;
  /** Author's key and audience. */
  readonly mark: string;
  readonly audience: string;
  readonly seq: number;
  /** The hash of its head. */
  readonly hash: string;
  /** What the next one names. */
  readonly link: string;
  readonly prev?: string;
  readonly gap?: Head["gap"];
  /** The hash of the event in whose place it stands; an empty one is an older version's void, which names none. */
  readonly replaces?: string;
}

/** The link of a head. */
export function toLink(head: Head, text: string, verifier: Pick<Verifier, "sha256">): Link {
  const audience = audienceOf(head);
  const hash = verifier.sha256(text);
  return {
    ...{ id: head.id, author: head.author, mark: markOf(head.key, audience), audience, seq: head.seq, hash },
    link: linkOf(head, text, { sha256: () => hash }),
    ...(head.prev === undefined ? {} : { prev: head.prev }),
    ...(head.gap === undefined ? {} : { gap: head.gap }),
    ...(head.kind === "void" ? { replaces: head.replaces ?? "" } : {}),
  };
}

/** The number of the event that a link names as the one before it. [RECORD-2] */
export function seqBefore({ seq, gap }: Pick<Link, "seq" | "gap">): number {
  return (gap?.from ?? seq) - 1;
}

/** Whether `after` names `before`, or the event that `before` stands for. [RECORD-3] */
export function follows(after: Pick<Link, "prev">, before: Pick<Link, "hash" | "link">): boolean {
  return after.prev === before.link || after.prev === before.hash;
}

/** Whether two events with one number can both be their author's: the same one, or a void and what it replaces. [RECORD-3] */
export function mayShareNumber(a: Standing, b: Standing): boolean {
  return a.hash === b.hash || stands(a, b) || stands(b, a);
}

type Standing = Pick<Link, "hash" | "replaces">;

function stands(a: Standing, b: Standing): boolean {
  return a.replaces !== undefined && (a.replaces === "" || a.replaces === b.hash || a.replaces === b.replaces);
}
