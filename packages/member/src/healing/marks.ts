// What two members may tell each other of: the marks of the audiences that both belong to. Pure.
import { type Head, MAX_HEAL_MARKS, type HealMark } from "@agora/protocol";
import { type Authors, isMet, standingOfAuthor } from "../kernel/authors.ts";
import type { Marks } from "../kernel/marks.ts";

/** A member as healing knows it. */
export interface Party {
  readonly name: string;
  readonly key: string;
  /** Whether a key is that of another device of the same person. */
  readonly isKin?: (key: string) => boolean;
  /** The channels it says it is in. */
  readonly channels?: ReadonlySet<string>;
  /** By channel that it was put out of, the events that tell so: all of it that it is still given. [CHANNEL-8] */
  readonly putOut?: ReadonlyMap<string, ReadonlySet<string>>;
}

/**
 * The marks of audiences that both members belong to: the room's, channels, and directed ones that name or are by both persons. [HEAL-3] [DEVICE-9]
 * First those of whom this member knows, so that nobody's many names crowd out theirs; of one sort what was heard of last.
 */
export function sharedMarks(marks: Marks, authors: Authors, a: Party, b: Party): HealMark[] {
  const [met, here, handed]: [HealMark[], HealMark[], HealMark[]] = [[], [], []];
  for (const [mark, ranges] of Object.entries(marks).reverse()) {
    const bar = mark.indexOf("|");
    const key = mark.slice(0, bar);
    const audience = mark.slice(bar + 1);
    if (audience !== "*" && !(belongs(audience, key, a) && belongs(audience, key, b))) continue;
    const sort = isMet(authors, key) ? met : standingOfAuthor(authors, key) === "handed" ? handed : here;
    if (sort.length < MAX_HEAL_MARKS)
      sort.push({ key, audience, ranges: ranges.map(([from, to]) => [from, to] as [number, number]) });
  }
  return [...met, ...here, ...handed].slice(0, MAX_HEAL_MARKS);
}

function belongs(audience: string, author: string, member: Party): boolean {
  if (audience.startsWith("#")) return member.channels?.has(audience.slice(1)) === true; // [CHANNEL-5]
  return isTheirs(author, member) || (audience.startsWith("@") && audience.slice(1).split(",").includes(member.name));
}

/** Whether an event may be handed to a member: it is for the room, of its channel, by this key, or for it under this key. [PIN-2] */
export function mayHave(head: Head, member: Party): boolean {
  if (head.channel !== undefined) {
    const putOut = member.putOut?.get(head.channel);
    return member.channels?.has(head.channel) === true && (putOut === undefined || putOut.has(head.id)); // [CHANNEL-5]
  }
  if (head.to.length === 0 || (head.author === member.name && isTheirs(head.key, member))) return true;
  return head.to.some((a) => a.member === member.name && (a.key === undefined || isTheirs(a.key, member)));
}

function isTheirs(key: string, { key: own, isKin }: Party): boolean {
  return key === own || isKin?.(key) === true;
}
