// From words a person or model typed to the addresses of an event. Unknown names are refused with the nearest known one.
import { type Address, fail, MAX_ADDRESSES, ok, parseAddress, type Result } from "@agora/protocol";
import { distance } from "fastest-levenshtein";
import type { Members } from "./members.ts";

/** The addresses, and what the author should know about them. */
export interface Resolved {
  readonly to: readonly Address[];
  readonly notes: readonly string[];
}

/** What is known of members, seats and keys when addresses are resolved. */
export interface Known {
  readonly me: string;
  readonly myKey: string;
  readonly members: Members;
  readonly keyOf: (name: string) => string | undefined;
  /** One's own seats that have not ended. */
  readonly mySeats: () => readonly string[];
}

/** Resolves `["bob", "carol/codex"]`. A seat that is not there falls to its member, with a note. */
export function resolveRecipients(
  words: readonly string[],
  known: Known,
): Result<Resolved, "unknown-recipient" | "key-changed"> {
  const to: Address[] = [];
  const notes: string[] = [];
  if (words.length > MAX_ADDRESSES)
    return fail(
      "unknown-recipient",
      `A message can address ${MAX_ADDRESSES} members at most: leave the names out to speak to the whole room.`,
    );
  for (const word of words) {
    const address = parseAddress(word);
    const name = address?.member ?? word.replace(/^@/, "").split("/")[0]!;
    const key = name === known.me ? known.myKey : known.keyOf(name);
    if (address === undefined || key === undefined) return fail("unknown-recipient", unknown(name, known));
    if (name === known.me && address.seat === undefined && address.person === undefined) {
      return fail(
        "unknown-recipient",
        `@${name} is you: address another member, or one of your sessions as @${name}/SEAT.`,
      );
    }
    const here = known.members.get(name);
    if (here !== undefined && name !== known.me && !known.members.isHere(name)) {
      return fail(
        "key-changed",
        `@${name} shows another key than before: check with them, then \`agora trust ${name}\`. Nothing was sent.`,
      );
    }
    to.push(checked({ ...address, key }, known, notes));
    if (here?.grant === "observer") notes.push(`@${name} is an observer: they read this, and can't answer here.`);
    if (name !== known.me && here === undefined)
      notes.push(`@${name} is away: the message is kept and delivered when they are back.`);
  }
  return ok({ to: unique(to), notes });
}

function checked(address: Address, known: Known, notes: string[]): Address {
  if (address.seat === undefined) return address;
  const own = address.member === known.me;
  const seats = own ? known.mySeats() : known.members.get(address.member)?.facts?.seats?.map((s) => s.seat);
  if (seats === undefined || seats.includes(address.seat)) return address;
  notes.push(`The session @${address.member}/${address.seat} has ended: the message goes to @${address.member}.`);
  const { seat: _, ...member } = address;
  return member;
}

function unknown(name: string, known: Known): string {
  const names = known.members.names();
  const nearest = names.map((n) => ({ n, d: distance(n, name.toLowerCase()) })).sort((a, b) => a.d - b.d)[0];
  const hint =
    nearest !== undefined && nearest.d <= Math.max(2, name.length / 3)
      ? ` Did you mean @${nearest.n}?`
      : names.length === 0
        ? " Nobody else was here yet."
        : ` Known here: ${names
            .slice(0, 8)
            .map((n) => `@${n}`)
            .join(", ")}${names.length > 8 ? ", …" : ""}.`;
  return `Nobody called @${name} is known in this room; nothing was sent.${hint}`;
}

function unique(to: readonly Address[]): readonly Address[] {
  const seen = new Set<string>();
  return to.filter((a) => {
    const word = `${a.member}/${a.person === true ? "person" : (a.seat ?? "")}`;
    if (seen.has(word)) return false;
    seen.add(word);
    return true;
  });
}
