// Channels as surfaces ask for them: joining, leaving, topics, and finding the one that somebody means.
import { type RequestArgs, type Results, roleOf, type Via } from "@agora/ipc/messages";
import {
  CHANNEL,
  type ChannelAct,
  fail,
  type Failure,
  harmlessLine,
  MAX_CHANNELS,
  MAX_TOPIC_CHARS,
  ok,
  type Result,
  type OpenEvent,
} from "@agora/protocol";
import { distance } from "fastest-levenshtein";
import { post } from "../kernel/post.ts";
import { whyBarred } from "../controls/permissions.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { readName } from "./channel-name.ts";
import type { Channels } from "./keeper.ts";
import { whyObserving } from "./why-observing.ts";
import type { OperatorControls } from "../controls/keeper.ts";

/** What these requests use. */
export type Context = Kernel & { readonly channels: Channels; readonly controls: OperatorControls };

type Code = "unknown-channel" | "unknown-recipient" | "not-allowed" | "bad-request" | "too-long" | "stopped" | "disk";
type Done = Results["channel"];

/** The channels there are now. */
export function channels(room: Context): Results["channels"] {
  return { channels: room.channels.list() };
}

/** Does something in a channel, besides speaking. */
export async function channel(room: Context, args: RequestArgs<"channel">): Promise<Result<Done, Code>> {
  const { via, act, text } = args;
  const name = readName(args.channel);
  if (!name.ok) return name;
  if (text !== undefined && text.length > MAX_TOPIC_CHARS)
    return fail("too-long", `A topic has at most ${MAX_TOPIC_CHARS} characters.`);
  switch (act) {
    case "join":
      return await join(room, name.value, via, text, args.once);
    case "leave":
      return await leave(room, name.value, via, args.once);
    case "topic":
      return await topic(room, name.value, via, text ?? "", args.once);
    case "remove":
    case "admit":
      return await move(room, name.value, args, { act });
    case "role":
      return args.role === undefined
        ? fail("bad-request", "Which role: observer, or member?")
        : await move(room, name.value, args, { act, role: args.role });
    case "archive":
    case "reopen":
      return await archive(room, name.value, args, act);
  }
}

/** Makes sure that this member is in the channel it wants to speak in: it joins one that exists; none is made by a typing error. */
export async function enterToSay(
  room: Context,
  word: string,
  via: Via,
): Promise<Result<{ readonly channel: string; readonly notes: readonly string[] }, Code>> {
  const name = readName(word);
  if (!name.ok) return name;
  const observing = whyObserving(room, name.value);
  if (observing !== undefined) return observing;
  if (room.channels.isIn(name.value)) return ok({ channel: name.value, notes: [] });
  if (!room.channels.isKnown(name.value)) return fail("unknown-channel", unknown(room, name.value));
  const joined = await join(room, name.value, via, undefined);
  if (!joined.ok) return joined;
  const others = joined.value.members.filter((one) => one !== room.me);
  return ok({ channel: name.value, notes: [`You are in #${name.value} now, with ${listed(others)}.`] });
}

function listed(names: readonly string[]): string {
  if (names.length === 0) return "nobody else";
  const shown = names.slice(0, 6).map((name) => `@${name}`);
  return shown.join(", ") + (names.length > 6 ? ` and ${names.length - 6} more` : "");
}

function unknown(room: Context, name: string): string {
  const near = room.channels
    .list()
    .map((one) => ({ name: one.name, far: distance(one.name, name) }))
    .sort((a, b) => a.far - b.far)[0];
  const hint =
    near !== undefined && near.far <= Math.max(2, name.length / 3)
      ? ` Did you mean #${near.name}?`
      : ` Join #${name} to open it; if it was meant as text, put another word before it.`;
  return `There is no channel #${name} here now; nothing was sent.${hint}`;
}

async function join(
  room: Context,
  name: string,
  via: Via,
  text: string | undefined,
  id?: string,
): Promise<Result<Done, Code>> {
  if (room.channels.isIn(name)) {
    if (text !== undefined) return await topic(room, name, via, text, id);
    return ok({ ...facts(room, name), act: "join", unchanged: true, state: "relayed", notes: [] });
  }
  const isObserver = room.grant() === "observer";
  const barred = isObserver ? undefined : whyBarred(room, roleOf(via));
  if (barred !== undefined) return barred;
  if (room.channels.isFull) return fail("not-allowed", `You are in ${MAX_CHANNELS} channels: leave one first.`);
  const removal = room.channels.removalOf(name, room.myKey);
  if (removal !== undefined && !(await room.channels.enterAgain(name)))
    return fail("not-allowed", `@${removal.by} removed you from #${name}: ask to be admitted again.`);
  room.notices.forget(`channel:${name}`);
  const isNew = !room.channels.isKnown(name);
  if (isObserver) {
    // An observer posts nothing; that it listens the room sees by its line. [GRANT-7]
    room.channels.enter(name);
    return ok({ ...facts(room, name), act: "join", state: "relayed", notes: [] });
  }
  const act: ChannelAct["act"] = isNew ? "open" : "join";
  const isWanted = isNew && text !== undefined && text.trim() !== "";
  const event = make(room, name, via, { act, ...(isWanted ? { text: text.trim() } : {}) }, id);
  room.channels.enter(name, event.head.id);
  const said = await postAct(room, event);
  if (!said.ok) {
    room.channels.leave(name); // an older relay knows no channels
    return said;
  }
  const notes = text === undefined || isNew ? [] : [await topicAfterwards(room, name, via, text)];
  return ok({ ...facts(room, name), act, ...said.value, notes: notes.filter((note) => note !== "") });
}

/** The topic that came along with joining what exists already: set if it is this member's to set. */
async function topicAfterwards(room: Context, name: string, via: Via, text: string): Promise<string> {
  const set = await topic(room, name, via, text);
  return set.ok ? "" : set.message;
}

async function leave(room: Context, name: string, via: Via, id?: string): Promise<Result<Done, Code>> {
  if (!room.channels.isIn(name)) return notIn(name);
  const role = roleOf(via);
  // Only what goes out at once: later the relay would not take it from one who has left.
  if (room.connection().state === "joined" && room.grant() !== "observer" && whyBarred(room, role) === undefined) {
    const said = await postAct(room, make(room, name, via, { act: "leave" }, id));
    if (!said.ok) return said;
  }
  room.channels.leave(name);
  return ok({ ...facts(room, name), act: "leave", state: "relayed", notes: [] });
}

async function topic(room: Context, name: string, via: Via, text: string, id?: string): Promise<Result<Done, Code>> {
  const may = mayDecide(room, name, via, "sets its topic");
  if (may !== undefined) return may;
  const said = await postAct(
    room,
    make(room, name, via, { act: "topic", text: text.trim(), ...entitled(room, name) }, id),
  );
  return said.ok ? ok({ ...facts(room, name), act: "topic", ...said.value, notes: [] }) : said;
}

async function move(
  room: Context,
  name: string,
  { via, member: word, once }: RequestArgs<"channel">,
  { act, ...what }: Pick<ChannelAct, "role"> & { readonly act: "remove" | "admit" | "role" },
): Promise<Result<Done, Code>> {
  const may = mayDecide(room, name, via, act === "role" ? "decides who speaks there" : "decides who is in it");
  if (may !== undefined) return may;
  const member = (word ?? "").replace(/^@/, "").toLowerCase();
  const key = room.pins.get(member)?.key;
  if (member === room.me) return fail("bad-request", `That is you: leave #${name} instead.`);
  if (key === undefined)
    return fail("unknown-recipient", `Nobody called @${harmlessLine(member, 40)} is known in this room.`);
  const said = await postAct(room, make(room, name, via, { act, ...what, member, key, ...entitled(room, name) }, once));
  return said.ok ? ok({ ...facts(room, name), act, ...said.value, notes: [] }) : said;
}

/** Lets everybody only read in a channel from now on, or takes that back. */
async function archive(
  room: Context,
  name: string,
  { via, once }: RequestArgs<"channel">,
  act: "archive" | "reopen",
): Promise<Result<Done, Code>> {
  const may = mayDecide(room, name, via, "archives it");
  if (may !== undefined) return may;
  const isArchived = room.channels.observingOf(name, room.myKey)?.archived === true;
  if (isArchived === (act === "archive"))
    return ok({ ...facts(room, name), act, unchanged: true, state: "relayed", notes: [] });
  const said = await postAct(room, make(room, name, via, { act, ...entitled(room, name) }, once));
  return said.ok ? ok({ ...facts(room, name), act, ...said.value, notes: [] }) : said;
}

function mayDecide(room: Context, name: string, via: Via, what: string): Failure<Code> | undefined {
  if (!room.channels.isIn(name)) return notIn(name);
  const barred = whyBarred(room, roleOf(via));
  if (barred !== undefined) return barred;
  if (room.channels.mayDecide(name)) return undefined;
  const owner = room.channels.list().find((one) => one.name === name)?.owner;
  const who = owner === undefined ? "who opened it" : `@${owner}, who opened it,`;
  return fail("not-allowed", `In #${name} ${who} ${what}, or an operator or a lead does.`);
}

function notIn(name: string): Failure<"unknown-channel"> {
  return fail("unknown-channel", `You are not in #${name}.`);
}

/** An operator or a lead shows its grant, as in a control; the channel's owner needs none. */
function entitled(room: Context, channel: string): { readonly grant?: string } {
  const grant = room.controls.grantFor("channel", channel);
  return grant === undefined ? {} : { grant };
}

function make(room: Context, name: string, via: Via, act: ChannelAct, id?: string): OpenEvent {
  const wish = { role: roleOf(via), kind: "channel", to: [], channel: name, media: CHANNEL } as const;
  return room.events.make({ ...wish, body: JSON.stringify(act), id });
}

const postAct = (room: Context, event: OpenEvent): ReturnType<typeof post> =>
  post(room, event, [], `#${event.head.channel}`);

function facts(room: Context, name: string): Pick<Done, "channel" | "members" | "topic"> {
  const now = room.channels.list().find((one) => one.name === name);
  return { channel: name, members: now?.members ?? [], ...(now?.topic === undefined ? {} : { topic: now.topic }) };
}
