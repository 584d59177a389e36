// The kernel's events, and what features do at them. Features are asked in the order they were started in.
import type { AttentionItem, Line } from "@agora/ipc";
import type {
  CloseCode,
  EventFrame,
  Facts,
  FromRelay,
  Head,
  Joined,
  OpenEvent,
  Presence,
  Receipt,
  SeatFacts,
  SignedEvent,
  Welcome,
} from "@agora/protocol";
import type { Item } from "../inbox/fold.ts";
import type { HistoryRecord } from "./record.ts";

/** How an event of another member was heard. */
export type Heard = Pick<EventFrame, "stamp" | "late" | "by">;

/** How something came that is addressed to this member. */
export interface Addressed {
  /** Another device of this person had it before and handed it on. */
  readonly byOwnDevice: boolean;
}

/** An event that is in the history. */
export interface Kept {
  readonly event: OpenEvent;
  readonly record: HistoryRecord;
  /** Its place in the history. */
  readonly position: number;
  /** It is this member's own. */
  readonly isMine: boolean;
  /** It was said before this member came to the room, or to its channel. */
  readonly isPast: boolean;
  /** Of another's event; undefined for one of our own that got its stamp. */
  readonly heard: Heard | undefined;
}

/** Another key of the same person: one that counts, or one that ended. */
export type Kinship = "current" | "former";

/** What this member shows when it joins. */
export interface Shown {
  readonly grant?: string | undefined;
  readonly controls?: readonly SignedEvent[];
  readonly channels?: readonly string[];
  readonly chain?: readonly string[];
}

/** What a feature has presence tell. */
export type Told = Omit<Partial<Facts>, "seats"> & { readonly seats?: readonly SeatFacts[] };

/** What a feature does at the kernel's events; the features are asked in their order. */
export interface Hooks {
  /** Whether nothing of this member is let in at all. */
  banned?(name: string, key: string): boolean;
  /** An event that is rightly signed, before it is known whether its author is believed, or whom it is for. */
  foretold?(event: OpenEvent, heard: Heard): void;
  /** A line of presence, before its key is compared with the one that is known. */
  introduced?(member: Presence): void;
  /** The same, after its key was compared. */
  met?(member: Presence): void;
  /** What a key, other than the one a name is known by, is to whoever has that name. */
  kinship?(name: string, key: string): Kinship | undefined;
  /** The root of the person whose key it is, under this name. */
  rootOf?(name: string, key: string): string | undefined;
  /** What its person calls the device of a key, under this name. */
  deviceName?(name: string, key: string): string | undefined;
  /** Why the relay ended the connection, where more is known of it than its code says. */
  ended?(why: CloseCode): string | undefined;
  /** Why this member is out of the room for good, whatever its relay says. */
  out?(): string | undefined;
  /** Another key turned out to be that of somebody who is known: what came from it before was refused. */
  related?(): void;
  /** An event that was kept counts no more: its person has revoked its key since. */
  disowned?(event: OpenEvent): void;
  /** One that was disowned counts again: its person has said meanwhile that it does. Told again after a death. */
  ownedAgain?(kept: { readonly event: OpenEvent; readonly record: HistoryRecord; readonly position: number }): void;
  /** Why an event that came is not taken. */
  refuses?(head: Head, heard: Heard, event: OpenEvent): string | undefined;
  /** Why an event that came is kept and handed to nobody. */
  withholds?(event: OpenEvent, heard: Heard): string | undefined;
  /** An event, anybody's, is in the history. */
  kept?(kept: Kept): void;
  /** The same, after an event of our own that addresses one of our sessions has reached it. */
  settled?(kept: Kept): void;
  /** An event came whose number its author used before: the same one, or another. */
  repeated?(event: OpenEvent): void;
  /** An event of our own came back from another member and is in the history; nothing is done by it any more. */
  restored?(event: OpenEvent): void;
  /** What is addressed to this member; true: it is taken, no earlier feature is asked. Asked from the last feature to the first. */
  addressed?(item: Omit<Item, "state">, event: OpenEvent, how?: Addressed): boolean;
  /** A member, by the relay's word under this key, told this of what it was addressed. */
  receipts?(from: string, key: string, receipts: readonly Receipt[]): void;
  /** Another device of this person told authors this, or, with a `member`, what that one told of this person's own events. */
  toldByOwnDevice?(receipts: readonly Receipt[]): void;
  /** How a line is shown beside what stands in its event; without the event, the line was made from the history. */
  line?(line: Line, event?: OpenEvent): Line;
  /** The relay let this member in. */
  joined?(welcome: Welcome, joined: Joined): void;
  /** The relay is away. */
  lost?(): void;
  /** A member was away and is here. */
  memberBack?(member: Presence): void;
  /** What this member was to be told lately could not be passed: it is told again. */
  tellAgain?(name: string): void;
  /** The relay told who is here. */
  presence?(): void;
  /** The person has read what was said in a channel, up to a stamp. */
  readInChannel?(channel: string, stamp: string): void;
  /** This member came to a channel, or left it. */
  movedInChannel?(channel: string, isIn: boolean): void;
  /** A frame of the room that the kernel has no use for. */
  frame?(frame: FromRelay): void;
  chunk?(bytes: Uint8Array): void;
  /** Another member handed on an event that was new here. */
  handedOn?(by: string): void;
  /** Why nothing of this member is acted on by itself now. */
  heldBack?(name: string): string | undefined;
  /** What presence tells. */
  facts?(): Told;
  shown?(): Shown;
  /** What everybody who may read it has to know, whatever its age: healing gives it first. [HEAL-8] */
  enduring?(): readonly HistoryRecord[];
  /** Sentences that the person should see now. */
  notices?(): readonly string[];
  /** What waits for the person: the one source of every count and list of it. */
  waits?(): readonly AttentionItem[];
  /** Once, before the relay is dialled. */
  begin?(): void;
  /** Every second. */
  tick?(): void;
  end?(): void;
}

/** All features' hooks as one. */
export type AllHooks = ReturnType<typeof createHooks>;

/** Creates the list of hooks, empty, and the functions that ask it. */
export function createHooks() {
  const all: Hooks[] = [];
  /** The first answer that there is. */
  const first = <T>(ask: (hooks: Hooks) => T | undefined): T | undefined => {
    for (const hooks of all) {
      const answer = ask(hooks);
      if (answer !== undefined) return answer;
    }
    return undefined;
  };
  return {
    add: (hooks: Hooks): void => void all.push(hooks),
    banned: (name: string, key: string): boolean => all.some((h) => h.banned?.(name, key) === true),
    refuses: (event: OpenEvent, heard: Heard): string | undefined =>
      first((h) => h.refuses?.(event.head, heard, event)),
    kinship: (name: string, key: string): Kinship | undefined => first((h) => h.kinship?.(name, key)),
    rootOf: (name: string, key: string): string | undefined => first((h) => h.rootOf?.(name, key)),
    deviceName: (name: string, key: string): string | undefined => first((h) => h.deviceName?.(name, key)),
    ended: (why: CloseCode): string | undefined => first((h) => h.ended?.(why)),
    out: (): string | undefined => first((h) => h.out?.()),
    withholds: (event: OpenEvent, heard: Heard): string | undefined => first((h) => h.withholds?.(event, heard)),
    heldBack: (name: string): string | undefined => first((h) => h.heldBack?.(name)),
    addressed(item: Omit<Item, "state">, event: OpenEvent, how?: Addressed): void {
      for (const hooks of all.toReversed()) if (hooks.addressed?.(item, event, how) === true) return;
    },
    line: (line: Line, event?: OpenEvent): Line => all.reduce((shown, h) => h.line?.(shown, event) ?? shown, line),
    facts: (): Told => Object.assign({}, ...all.map((h) => h.facts?.())) as Told,
    shown: (): Shown => Object.assign({}, ...all.map((h) => h.shown?.())) as Shown,
    enduring: (): readonly HistoryRecord[] => all.flatMap((h) => h.enduring?.() ?? []),
    notices: (): readonly string[] => all.flatMap((h) => h.notices?.() ?? []),
    waits: (): readonly AttentionItem[] => all.flatMap((h) => h.waits?.() ?? []),
    /** Tells every feature of an event of the kernel. */
    tell(what: (hooks: Hooks) => void): void {
      for (const hooks of all) what(hooks);
    },
  };
}
