// What a session's turns tell the daemon, and what they are given: a prompt hands over what is unread, a later sign of the
// same turn confirms it, the end may bring one more mention. Asks the daemon only when there is something to ask.
import type { Handed, Line } from "@agora/ipc";
import type { Clock } from "@agora/ports";
import type { Result } from "@agora/protocol";
import type { DaemonLine } from "./daemon-line.ts";
import {
  LATE_ANSWER_MS,
  MAX_CONTINUED,
  PROMPT_DEADLINE_MS,
  PROMPT_LINE_DEADLINE_MS,
  STOP_DEADLINE_MS,
  TOOL_DEADLINE_MS,
} from "./limits.ts";
import type { Seat } from "./seat.ts";
import { LATE, within } from "./within.ts";

/** Nothing to show. */
export const NOTHING: Handed = { items: [], inbox: 0, skipped: 0 };

export interface Turn {
  /** A turn begins; `typed` distinguishes a person's words from a wake-up. */
  began(typed: boolean): Promise<Handed>;
  /** The model used a tool. */
  usedTool(): Promise<Handed>;
  /** The client waits for its person to grant a permission; the next tool use means that it goes on. */
  asksPerson(session: string): void;
  /** The person interrupted the turn. */
  brokenOff(): void;
  /** The turn is about to end; a non-empty result keeps it going. */
  ending(): Promise<Handed>;
  /** Something was handed over another way (an accepted thread): the next sign confirms it. */
  handedOver(): void;
}

/** Tracks the turns of one seat. */
export function createTurn(seat: Seat, clock: Clock): Turn {
  /** Handed to the model, with no sign of life since. */
  let unconfirmed = false;
  /** Something was handed over in this turn, so the daemon must hear of its end. */
  let concerned = false;
  /** The room was told that the person is being asked for a permission, but not yet that this is over. */
  let asking = false;
  /** The daemon handed these over after the hook had already answered; the next hook takes them along. */
  let kept: Handed[] = [];
  /** An answer that would have handed something over never arrived: the next sign confirms nothing. */
  let lost = false;
  /** How often in a row the end of this turn was put off. */
  let continued = 0;

  /** Sent to the daemon after the client has its answer, and before the next request at the latest. */
  let untold: (() => void)[] = [];
  const tell = (): void => {
    const now = untold;
    untold = [];
    for (const each of now) each();
  };
  const tellLater = (launch: boolean, what: (line: DaemonLine) => void): void => {
    untold.push(() => void seat.line({ launch }).then((line) => line.ok && what(line.value)));
    setImmediate(tell);
  };

  const keep = (handed: Handed): void => {
    if (handed.items.length > 0 || handed.notices !== undefined) kept.push(handed);
  };
  const keepLate = (answer: Promise<Result<Handed>>, failed: () => void = () => undefined): void => {
    const gone = (): void => {
      lost = true;
      failed();
    };
    answer.then((result) => (result.ok ? keep(result.value) : gone()), gone);
  };
  const patient = { timeoutMs: LATE_ANSWER_MS };
  /** Tells the daemon once, with the next sign, that something it handed over didn't arrive. */
  const lostNow = (): { readonly lost?: true } => {
    if (!lost) return {};
    lost = false;
    return { lost: true };
  };

  /** The answer if it comes in time, else NOTHING; a late answer is kept. */
  const inTime = async (answer: Promise<Result<Handed & { readonly mention?: Line }>>, ms: number) => {
    const result = await within(answer, ms, clock);
    if (result === LATE) {
      keepLate(answer);
      return NOTHING;
    }
    if (!result.ok) lost = true;
    return result.ok ? result.value : NOTHING;
  };

  const show = (handed: Handed): Handed => {
    const all = merge([...kept, handed]);
    kept = [];
    if (all.items.length > 0) {
      unconfirmed = true;
      concerned = true;
    }
    return all;
  };

  const goOn = (handed: Handed): Handed => {
    continued += 1;
    return show(handed);
  };

  const lineWithin = async (launch: boolean, ms: number): Promise<DaemonLine | undefined> => {
    tell();
    const result = await within(seat.line({ launch }), ms, clock);
    return result === LATE || !result.ok ? undefined : result.value;
  };

  const quiet = (): boolean => seat.attached && seat.unread === 0 && !unconfirmed && kept.length === 0;

  return {
    async began(typed) {
      continued = 0;
      asking = false;
      // A session that was woken was woken for something, whatever the last known count.
      if (typed && quiet()) {
        tellLater(true, (line) => keepLate(line.request("prompt", { typed }, patient)));
        return NOTHING;
      }
      const line = await lineWithin(true, PROMPT_LINE_DEADLINE_MS);
      if (line === undefined) return NOTHING;
      return show(await inTime(line.request("prompt", { typed }, patient), PROMPT_DEADLINE_MS));
    },

    async usedTool() {
      if (quiet() && !asking) return NOTHING;
      const line = await lineWithin(false, TOOL_DEADLINE_MS);
      if (line === undefined) return NOTHING;
      // This tool use must not confirm what the model hasn't been shown yet.
      if (kept.length > 0) return show(NOTHING);
      asking = false;
      if (seat.unread === 0) {
        unconfirmed = false;
        keepLate(line.request("sign", { deliver: false, ...lostNow() }, patient), () => {
          unconfirmed = true;
        });
        return NOTHING;
      }
      unconfirmed = false;
      return show(await inTime(line.request("sign", { deliver: true, ...lostNow() }, patient), TOOL_DEADLINE_MS));
    },

    asksPerson(session) {
      asking = true;
      tellLater(false, (line) => void line.request("waiting", { session }));
    },

    brokenOff() {
      asking = false;
      tellLater(false, (line) => void line.request("breakOff", {}));
    },

    async ending() {
      asking = false;
      if (quiet() && !concerned) {
        tellLater(false, (line) => keepLate(line.request("turnEnd", lostNow(), patient)));
        return NOTHING;
      }
      const line = await lineWithin(false, STOP_DEADLINE_MS);
      if (line === undefined) return NOTHING;
      const last = continued >= MAX_CONTINUED;
      if (!last && kept.some((handed) => handed.items.some((item) => item.asked))) return goOn(NOTHING);
      const answer = line.request("turnEnd", { ...(last ? { last } : {}), ...lostNow() }, patient);
      unconfirmed = false;
      concerned = false;
      const ended: Handed & { readonly mention?: Line } = await inTime(answer, STOP_DEADLINE_MS);
      if (ended.mention === undefined) {
        keep(ended); // news without a request must not keep the turn going
        return NOTHING;
      }
      return goOn(withMention(ended, ended.mention));
    },

    handedOver() {
      unconfirmed = true;
      concerned = true;
    },
  };
}

function withMention(ended: Handed, mention: Line): Handed {
  if (ended.items.some((item) => item.line.id === mention.id)) return ended;
  return { ...ended, items: [...ended.items, { line: mention, again: true, asked: true }] };
}

/** Merges several batches, each line once. */
function merge(batches: readonly Handed[]): Handed {
  const items = new Map<string, Handed["items"][number]>();
  for (const item of batches.flatMap((batch) => batch.items))
    if (!items.has(item.line.id)) items.set(item.line.id, item);
  const notices = [...new Set(batches.flatMap((batch) => batch.notices ?? []))];
  const word = batches.find((batch) => batch.word !== undefined)?.word;
  return {
    ...(word === undefined ? {} : { word }),
    ...(notices.length === 0 ? {} : { notices }),
    items: [...items.values()],
    inbox: Math.max(0, ...batches.map((batch) => batch.inbox)),
    skipped: batches.reduce((sum, batch) => sum + batch.skipped, 0),
  };
}
