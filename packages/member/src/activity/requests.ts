// `activity`: one row a seat, and who talks to whom. The counts are those of the fold at the room's time; the rest is what
// presence, chains and questions tell now.
import type { Member, Results } from "@agora/ipc";
import type { SeatFacts } from "@agora/protocol";
import type { ChainKeeper } from "../chains/keeper.ts";
import { takersOf } from "../chains/fold.ts";
import { allSent } from "../deliveries/slice.ts";
import { isUndelivered } from "../kernel/delivery.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { QuestionKeeper } from "../questions/keeper.ts";
import { countsAt, emptyTally, type Tally } from "./tally.ts";

/** What this request uses. */
export type Context = Kernel & { readonly chains: ChainKeeper; readonly questions: QuestionKeeper };

type SeatActivity = Results["activity"]["seats"][number];
type Chain = NonNullable<SeatActivity["chain"]> & { readonly pattern?: string };

/** Rows of one answer: 50 members with 8 seats each, and some. */
const MAX_ROWS = 500;
const MAX_PAIRS = 300;
/** Chains that are looked through for a seat's latest turn. */
const MAX_CHAINS = 100;
/** Names that one seat waits for. */
const MAX_WAITED_FOR = 8;

/** The seats and pairs, as far as this member has heard. */
export function activityOf(room: Context): Results["activity"] {
  const now = room.roomTime.now();
  const { seats: tallies, pairs: spoken } = room.store.state.activity;
  const chains = latestChains(room);
  const queued = queuedFor(room);
  const waits = waitedFor(room);
  const told = toldLoops(room);
  /** Each is asked for several times. */
  const known = new Map<Tally, ReturnType<typeof countsAt>>();
  const countsOf = (tally: Tally): ReturnType<typeof countsAt> => {
    const counts = known.get(tally) ?? countsAt(tally, now);
    known.set(tally, counts);
    return counts;
  };

  const rowOf = (member: Member, seat: SeatFacts | undefined, name: string | undefined): SeatActivity => {
    const tally = tallies[`${member.name}/${name ?? ""}`] ?? emptyTally();
    const { messages, turns } = countsOf(tally);
    const id = name === undefined ? member.name : `${member.name}/${name}`;
    const { pattern, ...chain } = chains.get(id) ?? {};
    const waitsFor = waits.get(id);
    return {
      member: member.name,
      ...(name === undefined ? {} : { seat: name }),
      you: member.you,
      online: member.online,
      ...some(member, ["kind", "owner", "status", "branch", "mode"]),
      state: stateOf(member, seat),
      ...(sinceOf(member) === undefined ? {} : { since: sinceOf(member)! }),
      messages,
      turns,
      ...("chain" in chain ? { chain } : {}),
      // A loop that nobody took a turn in for long is over, though its chain is remembered.
      ...(pattern !== undefined && turns.m15 > 0 ? { loop: pattern } : {}),
      ...(waitsFor === undefined ? {} : { waitsFor }),
      queued: queued.get(id) ?? 0,
      ...(tally.last === 0 ? {} : { lastSign: room.roomTime.toOwn(tally.last) }),
    };
  };

  const heard = new Map<string, string[]>();
  for (const [id, tally] of Object.entries(tallies)) {
    if (countsOf(tally).messages.h1 === 0) continue;
    const [member = "", seat = ""] = id.split("/");
    if (seat !== "") heard.set(member, [...(heard.get(member) ?? []), seat]);
  }
  const rows = room.members.list().flatMap((member) => {
    const names = new Set([...member.seats.map(({ seat }) => seat), ...(heard.get(member.name) ?? [])]);
    if (names.size > 0) {
      const [first, ...others] = [...names].map((name) => rowOf(member, findSeat(member, name), name));
      // What is for none of its sessions by name is for any of them.
      return [
        { ...first!, ...told.get(member.name), queued: first!.queued + (queued.get(member.name) ?? 0) },
        ...others,
      ];
    }
    const row = { ...rowOf(member, undefined, undefined), ...told.get(member.name) };
    return member.online || member.you || row.messages.d1 > 0 ? [row] : [];
  });
  const shown = rows.sort(byUrgency).slice(0, MAX_ROWS);
  const pairs = Object.entries(spoken)
    .map(([pair, tally]) => {
      const [from = "", to = ""] = pair.split(" ");
      return { from, ...(to === "" ? {} : { to }), ...countsAt(tally, now) };
    })
    .filter(({ messages }) => messages.d1 > 0)
    .sort((a, b) => b.messages.d1 - a.messages.d1 || order(a.from, b.from) || order(a.to ?? "", b.to ?? ""))
    .slice(0, MAX_PAIRS);
  const left = rows.length - shown.length;
  return { seats: shown, ...(left > 0 ? { left } : {}), room: sumOf(Object.values(tallies).map(countsOf)), pairs };
}

function sumOf(all: readonly ReturnType<typeof countsAt>[]): Results["activity"]["room"] {
  const sum = { messages: { ...NONE }, turns: { ...NONE } };
  for (const { messages, turns } of all)
    for (const span of Object.keys(NONE) as (keyof typeof NONE)[]) {
      sum.messages[span] += messages[span];
      sum.turns[span] += turns[span];
    }
  return sum;
}

function findSeat({ seats }: Member, name: string): SeatFacts | undefined {
  return seats.find(({ seat }) => seat === name);
}

function stateOf(member: Member, seat: SeatFacts | undefined): SeatActivity["state"] {
  if (!member.online) return "away";
  if (member.paused === true) return "paused";
  if (seat === undefined) return member.seats.length > 0 ? "away" : "idle";
  if (seat.waiting === true) return "permission";
  if (seat.busy) return "working";
  return seat.connected ? "idle" : "away";
}

function sinceOf({ online, since, awaySince }: Member): number | undefined {
  return online ? since : awaySince;
}

function some<T extends object, K extends keyof T>(of: T, keys: readonly K[]): Pick<T, K> {
  return Object.fromEntries(keys.filter((key) => of[key] !== undefined).map((key) => [key, of[key]])) as Pick<T, K>;
}

/** The chain that each seat took its latest turn in, as far as it is known. */
function latestChains({ store, chains }: Context): ReadonlyMap<string, Chain> {
  const found = new Map<string, Chain>();
  for (const [id, chain] of Object.entries(store.state.chains).slice(-MAX_CHAINS).reverse())
    for (const seat of takersOf(chain)) {
      if (found.has(seat)) continue;
      const state = chains.state(id);
      if (state === undefined) continue;
      const { path: _, ...rest } = state;
      found.set(seat, rest);
    }
  return found;
}

/** Loops that this member was only asked about: what was said there it did not hear. By who asks. */
function toldLoops({ store }: Context): ReadonlyMap<string, Pick<SeatActivity, "chain" | "loop">> {
  const loops = new Map<string, Pick<SeatActivity, "chain" | "loop">>();
  for (const { card, from, chain, thread } of Object.values(store.state.inbox)) {
    if (card?.pattern === undefined) continue;
    const { turns, limit, pattern } = card;
    loops.set(from, { chain: { chain, thread, turns, limit, stopped: true }, loop: pattern });
  }
  return loops;
}

/** How many messages to each seat or member have not reached it: for own seats what waits here, for others what is on its way. */
function queuedFor({ store, me }: Context): ReadonlyMap<string, number> {
  const queued = new Map<string, number>();
  const more = (id: string): void => void queued.set(id, (queued.get(id) ?? 0) + 1);
  for (const { seat, handed, person } of Object.values(store.state.inbox))
    if (handed === undefined && person !== true) more(seat === undefined ? me : `${me}/${seat}`);
  for (const { recipients } of allSent(store.state))
    for (const [name, one] of Object.entries(recipients))
      if (isUndelivered(one)) more(one.seat === undefined ? name : `${name}/${one.seat}`);
  return queued;
}

/** Whose answers each seat or member waits for: those asked in its open questions. */
function waitedFor({ questions }: Context): ReadonlyMap<string, readonly string[]> {
  const waits = new Map<string, Set<string>>();
  for (const { from, seat, to, state } of questions.list()) {
    if (state !== "open" && state !== "sent") continue;
    const id = seat === undefined ? from : `${from}/${seat}`;
    waits.set(id, new Set([...(waits.get(id) ?? []), ...to]));
  }
  return new Map([...waits].map(([id, names]) => [id, [...names].slice(0, MAX_WAITED_FOR)]));
}

const NONE = { m5: 0, m15: 0, h1: 0, d1: 0 };
const STATES = ["permission", "working", "idle", "paused", "away"] as const;

/** Loops first, then who waits for a permission, then those who said most lately. */
function byUrgency(a: SeatActivity, b: SeatActivity): number {
  const rank = ({ loop, state }: SeatActivity): number => (loop !== undefined ? -1 : STATES.indexOf(state));
  return (
    Number(b.loop !== undefined) - Number(a.loop !== undefined) ||
    Number(b.state === "permission") - Number(a.state === "permission") ||
    b.turns.h1 - a.turns.h1 ||
    rank(a) - rank(b) ||
    order(a.member, b.member) ||
    order(a.seat ?? "", b.seat ?? "")
  );
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
