// The arguments of every request as schemas: the daemon's side of the edge. Clients use the types only, so that a process
// that starts at every prompt doesn't load a schema library.
import * as z from "zod/mini";
import { CONTROL_ACTS, controlRateSchema, isSeatName, PICKS } from "@agora/protocol";
import { VIAS } from "./messages.ts";

const mode = z.enum(["manual", "auto"]);
const text = z.string();
/** A client's word names its seats, and other members are told them. */
const client = z.string().check(z.refine(isSeatName));
/** Chosen by the caller: asked again with it, the request is not done a second time. The event it makes has this id. */
const once = z.optional(text);
const seconds = z.number().check(z.nonnegative(), z.maximum(86_400));

/** The arguments of every request. `via` is required wherever the answer depends on who asks. */
export const requestSchemas = {
  /** Resolves when joined, or fails with the reason why it is not. */
  ready: z.object({ timeoutMs: z.number() }),
  /** `to`: addresses without `@`, as typed; the leading run of the text was already taken off by the surface. */
  say: z.object({
    via: z.enum(VIAS),
    text,
    to: z.array(text),
    /** The name of a channel, with or without `#`; who is not in it joins by sending. */
    channel: z.optional(text),
    thread: z.optional(text),
    file: z.optional(text),
    /** Speak as the agent although a person typed it (`--role agent`); never the other way round. */
    asAgent: z.optional(z.boolean()),
    /** The event's id, chosen by the caller so that asking twice says it once. */
    id: z.optional(text),
  }),
  /** Those here, those needed, a few of those who left; `all`: everybody known; `name`: those whose names begin so. */
  who: z.object({ all: z.optional(z.boolean()), name: z.optional(text) }),
  whoami: z.object({}),
  /** `peek`: a surface keeps itself up to date; nobody has read anything by it. */
  inbox: z.object({ via: z.enum(VIAS), peek: z.optional(z.boolean()) }),
  /** `thread` may be any unique prefix of an id, here and below; "last" means the newest open inbox item. */
  accept: z.object({ via: z.enum(VIAS), thread: text, extra: z.optional(text), once }),
  reject: z.object({ via: z.enum(VIAS), thread: text, reason: z.optional(text), once }),
  append: z.object({ via: z.enum(VIAS), thread: text, text, once }),
  mode: z.object({ via: z.enum(VIAS), mode: z.optional(mode) }),
  /** Asked by a model (`via` tool or shell) it leaves out what is for the person alone. */
  history: z.object({
    via: z.optional(z.enum(VIAS)),
    limit: z.int(),
    with: z.optional(text),
    thread: z.optional(text),
    /** A channel this member is in; a person who asks has read it then. */
    channel: z.optional(text),
    /** Besides `with`: only what was addressed to one by the other. */
    direct: z.optional(z.boolean()),
    search: z.optional(text),
    /** Only what stands before this event. */
    before: z.optional(text),
  }),
  status: z.object({ id: z.optional(text) }),
  /** Blocks until something addresses this member (or the asking seat), or the time is over. Peeks: nothing is handed. */
  wait: z.object({
    via: z.enum(VIAS),
    timeoutS: seconds,
    /** Who waits: each is told of an item once. Default: the seat, else the way in. */
    waiter: z.optional(z.string().check(z.maxLength(40))),
    /** Also what this waiter was told of before. */
    again: z.optional(z.boolean()),
  }),
  /** Subscribes this connection to `line` pushes: history lines as they arrive, first those behind the line `after`. */
  watch: z.object({ after: z.optional(text) }),
  /** Repins a member's key: a person's word only. */
  trust: z.object({ via: z.enum(VIAS), name: text }),
  /**
   * An operator's word; a person's vias only. `member` is a name: needed for kick, ban, unban, interrupt; for pause,
   * resume and rates it is the one instead of the room; for inject the one who shall act on it. `seat` goes with
   * interrupt and inject. `rates` without a `rate` gives back the relay's own.
   */
  control: z.object({
    via: z.enum(VIAS),
    act: z.enum(CONTROL_ACTS),
    member: z.optional(text),
    seat: z.optional(text),
    reason: z.optional(text),
    text: z.optional(text),
    rate: z.optional(controlRateSchema),
    once,
  }),
  /** What operators have decided and is in force. */
  controls: z.object({}),
  /** Makes a member an operator: the room's owner's person only. */
  grant: z.object({ via: z.enum(VIAS), member: text, expiresS: z.optional(z.int().check(z.positive())), once }),
  /**
   * Asks people. `to`: names without `@`; nobody is this member's own person, with `urgent` its owner. `pick`: `one` when
   * there are choices, else `text`. `waitS`: answers when the question has ended, or after so long.
   */
  ask: z.object({
    via: z.enum(VIAS),
    to: z.array(text),
    text,
    choices: z.optional(z.array(z.object({ id: z.optional(text), label: text, about: z.optional(text) }))),
    pick: z.optional(z.enum(PICKS)),
    other: z.optional(z.boolean()),
    urgent: z.optional(z.boolean()),
    otherwise: z.optional(text),
    timeoutS: z.optional(z.number().check(z.positive())),
    waitS: z.optional(seconds),
    thread: z.optional(text),
    once,
  }),
  /**
   * A person's answer. `question`: a unique prefix of its id, or "last". Either `picked` and `text` as a form has them, or
   * `words` as typed: ids, labels or numbers of choices, or own words where they are allowed.
   */
  answer: z.object({
    via: z.enum(VIAS),
    question: text,
    picked: z.optional(z.array(text)),
    text: z.optional(text),
    words: z.optional(text),
    once,
  }),
  /** Questions in both directions; a model is told of its own side's only. */
  questions: z.object({ via: z.enum(VIAS) }),
  /** The asker takes a question back. */
  withdraw: z.object({ via: z.enum(VIAS), question: text, once }),
  /** A person records a decision: the first line is its title. */
  decide: z.object({ via: z.enum(VIAS), text, thread: z.optional(text), once }),
  decisions: z.object({ via: z.enum(VIAS), limit: z.int().check(z.positive()) }),
  /** Gives a chain that came to its limit more automatic turns (default: as many again); a person's vias only. */
  more: z.object({ via: z.enum(VIAS), thread: text, turns: z.optional(z.int().check(z.positive())), once }),
  /** The latest chains of automatic turns, for a view of who addresses whom and where it loops. */
  chains: z.object({}),
  /** The channels that there are now, and those this member is in. */
  channels: z.object({}),
  /**
   * Joins a channel (opens it when there is none), leaves it, sets its topic (`text`; empty takes it away), removes a
   * `member` from it or admits one again. Topic, remove and admit are its convener's or an operator's to do; the last two
   * a person's.
   */
  channel: z.object({
    via: z.enum(VIAS),
    act: z.enum(["join", "leave", "topic", "remove", "admit"]),
    channel: text,
    text: z.optional(text),
    member: z.optional(text),
    once,
  }),
  /** Tells the room what this member is busy with; without a text, nothing any more. */
  busy: z.object({ via: z.enum(VIAS), text: z.optional(text) }),
  /** Asks a member's daemon for a sign of life. */
  ping: z.object({ via: z.enum(VIAS), member: text, timeoutMs: z.optional(z.number()) }),
  /** Serves the web console, and gives the address that opens it once; a person's vias only. */
  console: z.object({ via: z.enum(VIAS) }),
  /** Leaves the room and ends the daemon. */
  stop: z.object({ via: z.enum(VIAS) }),
  /** A successor of this version asks for the place; `again`: also one of the same version. Never changes with `v`. */
  handOver: z.object({ version: text, again: z.boolean() }),

  /** Binds this connection to the seat of a client session; the same session always gets the same seat. */
  attach: z.object({ client, session: text, pid: z.int() }),
  /** The session id changed in the same process (`/clear`): the seat goes on under the new id. */
  resession: z.object({ session: text }),
  /** A turn begins. `typed` false: a wake-up, not a person. Gives what the seat has not seen. */
  prompt: z.object({
    typed: z.boolean(),
    /** No turn begins: the model itself looks what is new. */
    poll: z.optional(z.boolean()),
  }),
  /** The client of a session asks its person for a permission and waits; until the next sign of the turn. */
  waiting: z.object({ session: text }),
  /** The model used a tool: what was handed is seen. Gives what came in mid-turn. */
  sign: z.object({
    deliver: z.boolean(),
    /** An answer that handed something over got lost on its way: nothing is seen by this. */
    lost: z.optional(z.boolean()),
  }),
  /** The turn wants to end. Gives the outstanding mention that keeps it going in auto mode. */
  turnEnd: z.object({
    /** It went on so often without the person that it ends now: what is outstanding falls to the inbox. */
    last: z.optional(z.boolean()),
    /** As in `sign`. */
    lost: z.optional(z.boolean()),
  }),
  /** The person broke the turn off: nothing is confirmed by that, and what the room asked in it waits for the person. */
  breakOff: z.object({}),
  /** The session ended; its leases go back. */
  detach: z.object({ session: text }),
  /** Asked by a short-lived hook process for a session: primer facts and what is waiting. */
  sessionStart: z.object({ client, session: text, source: z.string() }),
  /** A person tests whether a seat can be woken: `word` is shown to the woken session. */
  probeWake: z.object({ via: z.enum(VIAS), seat: text, word: text, timeoutS: seconds }),
  /** The model of the attached session brings a test's word back. */
  bringWord: z.object({ word: text }),
  /** Held open by a waiter; resolves when that session shall be woken. */
  awaitWake: z.object({ session: text }),
} as const;
