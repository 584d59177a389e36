// The person's rules about automatic turns as surfaces ask for them: who may wake an agent, and the mode of one place.
import type { IpcCode, RequestArgs, Results } from "@agora/ipc";
import { fail, harmlessLine, isMemberName, ok, type Result } from "@agora/protocol";
import { readName } from "../channels/channel-name.ts";
import type { Channels } from "../channels/keeper.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { findThread } from "../kernel/thread-lookup.ts";
import { isFull, MAX_RULES, type Mode, type ReplyRules, type RuleRecord } from "./rules-fold.ts";

/** What these requests use. */
export type Context = Pick<Kernel, "store" | "clock" | "me" | "pins" | "members"> & {
  readonly channels: Pick<Channels, "isIn" | "isKnown">;
  /** A rule was written down: what it holds back is looked at anew. */
  readonly changed: () => void;
};

/** Stands for all members; it can't be a member's name. [NAME-2] */
const EVERYONE = "everyone";

/** Shows or decides who may wake an agent of this member. */
export function allow(room: Context, { member: word, may }: RequestArgs<"allow">): Result<Results["allow"], IpcCode> {
  if (word === undefined && may === undefined) return ok({ ...allowed(room.store.state.replyRules), changed: false });
  if (word === undefined || may === undefined)
    return fail("bad-request", "Say who, and what they may: wake, word, or default to take the rule back.");
  const name = word.replace(/^@/, "").toLowerCase();
  const rules = room.store.state.replyRules;
  const wish = may === "default" ? undefined : may;
  const whom = name === EVERYONE ? ok(undefined) : readMember(room, name, wish !== undefined);
  if (!whom.ok) return whom;
  const member = whom.value;
  const now =
    member === undefined ? rules.everyone : Object.hasOwn(rules.members, name) ? rules.members[name] : undefined;
  if (now === wish) return ok({ ...allowed(rules), changed: false });
  if (member !== undefined && wish !== undefined && isFull(rules.members, member)) return tooMany("members");
  const more = { ...(member === undefined ? {} : { member }), ...(wish === undefined ? {} : { may: wish }) };
  return decide(room, { op: "allow", at: room.clock.now(), ...more }, () => ({ ...allowed(rules), changed: true }));
}

function readMember(room: Context, name: string, isToKnow: boolean): Result<string, IpcCode> {
  if (!isMemberName(name)) return fail("bad-request", `"${harmlessLine(name, 40)}" can't name a member.`);
  if (name === room.me)
    return fail("bad-request", "That is you: what your own sessions say to each other always wakes.");
  if (!isToKnow || room.members.get(name) !== undefined || room.pins.get(name) !== undefined) return ok(name);
  return fail("unknown-recipient", `Nobody called @${name} is known in this room; nothing was changed.`);
}

/** Decides the mode of one channel or thread; without a mode, the general one holds there again. */
export function modeAt(room: Context, args: RequestArgs<"modeAt">): Result<Results["modeAt"], IpcCode> {
  const place = placeOf(room, args);
  if (!place.ok) return place;
  const rules = room.store.state.replyRules;
  const { key, facts } = place.value;
  const now = Object.hasOwn(rules.places, key) ? rules.places[key] : undefined;
  const { mode } = args;
  const result = (changed: boolean): Results["modeAt"] => ({
    ...facts,
    ...(mode === undefined ? {} : { mode }),
    changed,
    places: placesOf(rules),
  });
  if (now === mode) return ok(result(false));
  if (mode !== undefined && isFull(rules.places, key)) return tooMany("places");
  const record: RuleRecord = {
    op: "mode-at",
    at: room.clock.now(),
    place: key,
    ...(mode === undefined ? {} : { mode }),
  };
  return decide(room, record, () => result(true));
}

/** The place that is meant: a rule that is to be taken back needs no channel that is still there. */
function placeOf(
  room: Context,
  { channel, thread, mode }: RequestArgs<"modeAt">,
): Result<{ readonly key: string; readonly facts: { readonly channel?: string; readonly thread?: string } }, IpcCode> {
  if ((channel === undefined) === (thread === undefined))
    return fail("bad-request", "Name one place: a channel, or a thread.");
  if (thread !== undefined) {
    const known = Object.keys(room.store.state.replyRules.places).filter((one) => one.startsWith(thread.toLowerCase()));
    if (mode === undefined && known.length === 1) return ok({ key: known[0]!, facts: { thread: known[0]! } });
    const found = findThread(room.store, thread);
    return found.ok ? ok({ key: found.value.id, facts: { thread: found.value.id } }) : found;
  }
  const name = readName(channel!);
  if (!name.ok) return name;
  if (mode !== undefined && !room.channels.isIn(name.value) && !room.channels.isKnown(name.value))
    return fail("unknown-channel", `There is no channel #${name.value} here now; nothing was changed.`);
  return ok({ key: `#${name.value}`, facts: { channel: name.value } });
}

function decide<T>(room: Context, record: RuleRecord, result: () => T): Result<T, IpcCode> {
  const kept = room.store.in(record);
  if (!kept.ok) return kept;
  room.store.checkpoint(); // a brake is not lost by a crash
  room.changed();
  return ok(result());
}

function tooMany(what: string): Result<never, "not-allowed"> {
  return fail("not-allowed", `There are rules for ${MAX_RULES} ${what} already: take one back first (default).`);
}

/** Who may what, for whoever shows it. */
export function allowed({ everyone = "wake", members }: ReplyRules): Omit<Results["allow"], "changed"> {
  return { everyone, members: Object.entries(members).map(([name, may]) => ({ name, may })) };
}

/** The places with a mode of their own. */
export function placesOf({ places }: ReplyRules): Results["modeAt"]["places"] {
  return Object.entries<Mode>(places).map(([key, mode]) =>
    key.startsWith("#") ? { channel: key.slice(1), mode } : { thread: key, mode },
  );
}
