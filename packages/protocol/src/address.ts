// Addresses: who an event is for. Every surface parses a text's leading `@names` here.
import { isMemberName, isSeatName } from "./names.ts";

/** One recipient: a member; with `seat`, only that session; with `person`, only the human. `key` pins who was meant. */
export interface Address {
  readonly member: string;
  readonly key?: string | undefined;
  /** The person whose key that is: any device of theirs is meant. [DEVICE-3] */
  readonly root?: string | undefined;
  readonly seat?: string | undefined;
  readonly person?: true | undefined;
}

/** `@alice`, `@alice/codex` or `@alice/person`. */
export function formatAddress(address: Address): string {
  const under = address.person ? "/person" : address.seat === undefined ? "" : `/${address.seat}`;
  return `@${address.member}${under}`;
}

/** Whether addresses, as they are written, name this member's person and nothing else of it: a model is not given that. [ADDRESS-2] */
export function isForPersonAlone(to: readonly string[], me: string): boolean {
  const mine = to.filter((address) => address === `@${me}` || address.startsWith(`@${me}/`));
  return mine.length > 0 && mine.every((address) => address === `@${me}/person`);
}

/** Reads `@alice`, `alice/codex`, `@alice/person`; undefined when it isn't an address. */
export function parseAddress(text: string): Address | undefined {
  const [member, under, ...rest] = text.replace(/^@/, "").split("/");
  if (member === undefined || !isMemberName(member) || rest.length > 0) return undefined;
  if (under === undefined) return { member };
  if (under === "person") return { member, person: true };
  return isSeatName(under) ? { member, seat: under } : undefined;
}

/** The leading addresses of a text, lower-cased and not looked up, and the rest of the text verbatim. */
export interface LeadingAddresses {
  readonly addresses: readonly string[];
  readonly text: string;
}

const LEADING = /^\s*@([a-z0-9][a-z0-9_-]*(?:\/[a-z0-9.-]+)?)(?:[,:]?(?=\s|$)|,(?=@))/i;

/**
 * Splits the leading run of `@names` from a text: `"@bob, @carol/codex look"` gives `["bob", "carol/codex"]` and
 * `"look"`. Only a leading run addresses; an `@` later is text. [ADDRESS-1]
 */
export function leadingAddresses(text: string): LeadingAddresses {
  const addresses: string[] = [];
  let rest = text;
  for (let m = LEADING.exec(rest); m !== null; m = LEADING.exec(rest)) {
    addresses.push(m[1]!.toLowerCase());
    rest = rest.slice(m[0].length);
  }
  return { addresses, text: addresses.length > 0 ? rest.replace(/^[ \t]+/, "").replace(/^\r?\n/, "") : text };
}

/** The leading `#name` of a text, lower-cased and not looked up, and the rest of the text verbatim. */
export interface LeadingChannel {
  readonly channel?: string;
  readonly text: string;
}

const LEADING_CHANNEL = /^\s*#([a-z][a-z0-9_-]{0,31})[,:]?(?=\s|$)/i;

/**
 * Splits a leading `#name` from a text: `"#build @bob look"` gives `build` and `"@bob look"`. A name begins with a letter
 * right after the `#` and ends at a space: `#12 is open`, `# Heading` and `#a.b` are text. [CHANNEL-1]
 */
export function leadingChannel(text: string): LeadingChannel {
  const match = LEADING_CHANNEL.exec(text);
  if (match === null) return { text };
  const rest = text.slice(match[0].length);
  return { channel: match[1]!.toLowerCase(), text: rest.replace(/^[ \t]+/, "").replace(/^\r?\n/, "") };
}

/**
 * The audience an event's seq counts in: `*` the room, `#name` a channel, `@bob,carol` exactly these members. [SEQ-1]
 */
export function audienceOf(head: { readonly to: readonly Address[]; readonly channel?: string | undefined }): string {
  if (head.channel !== undefined) return `#${head.channel}`;
  if (head.to.length === 0) return "*";
  const names = [...new Set(head.to.map((a) => a.member))].sort();
  return `@${names.join(",")}`;
}
