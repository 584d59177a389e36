// Chains: what follows by automatic turns from something a person said, counted over all agents of the room. A fold over
// events in any order; every daemon counts what it sees, and a hop says how many went before that it did not see.
import { type Head, kindOf } from "@agora/protocol";
import { type Bounds, putBounded } from "../kernel/bounded.ts";

/** One chain; plain JSON. */
export interface Chain {
  /** Hash of the body by `<hop> <author>[/<seat>]`: each is one turn, however often it comes. */
  readonly turns: Record<string, string>;
  /** Turns this daemon caused by handing items of the chain over by itself: they count although nothing was said. */
  readonly woken: number;
  /** Turns that people gave it besides, by the id of the event that gave them. */
  readonly more: Record<string, number>;
  readonly thread?: string;
  /** Who said what it began with, as far as this daemon has seen that. */
  readonly by?: { readonly member: string; readonly key: string };
  /** The limit at which a person was asked last. */
  readonly asked?: number;
  /** The key of whoever made it known here. */
  readonly from?: string;
}

/** Chains by id, the one that went on last standing last. */
export type Chains = Record<string, Chain>;

export const MAX_CHAINS = 500;
/** A chain that caused turns here is forgotten for no other's sake: its count is a brake. Who invents chains has few of them. */
const CHAINS: Bounds<Chain, "ours" | "others"> = {
  pools: { ours: { most: MAX_CHAINS, each: MAX_CHAINS }, others: { most: MAX_CHAINS, each: MAX_CHAINS / 5 } },
  placeOf: ({ woken, asked, from = "" }) =>
    woken > 0 || asked !== undefined ? { pool: "ours", filler: "" } : { pool: "others", filler: from },
};
/** Turns of one chain that are remembered, and the most that all that people give adds up to. */
const MAX_TURNS = 1_000;
const MAX_GIFTS = 64;
/** Turns in which a loop has to show. */
const LOOP_TURNS = 4;
const REPEATED = 3;

const EMPTY: Chain = { turns: {}, woken: 0, more: {} };

function put(chains: Chains, id: string, change: Partial<Chain>): void {
  const known = Object.hasOwn(chains, id) ? chains[id]! : EMPTY;
  const from = known.from ?? change.from;
  putBounded(chains, id, { ...known, ...change, ...(from === undefined ? {} : { from }) }, CHAINS);
}

/** Folds an event into the chain it belongs to, in place. [CHAIN-3] */
export function foldChain(chains: Chains, head: Head): Chains {
  const known = chains[head.chain];
  if (kindOf(head.kind).silent === true || head.kind === "budget") return chains;
  if (head.id === head.chain) {
    put(chains, head.chain, { thread: head.thread, by: { member: head.author, key: head.key }, from: head.key });
    return chains;
  }
  if (head.role !== "agent") return chains;
  const turn = `${head.hop} ${head.author}${head.seat === undefined ? "" : `/${head.seat}`}`;
  const turns = known?.turns ?? {};
  if (turns[turn] !== undefined || Object.keys(turns).length >= MAX_TURNS) return chains;
  const thread = known?.thread ?? head.thread;
  put(chains, head.chain, { thread, from: head.key, turns: { ...turns, [turn]: head.body.hash.slice(0, 12) } });
  return chains;
}

/** Folds what a person gave a chain. [CHAIN-4] */
export function foldMore(chains: Chains, chain: string, event: string, turns: number): Chains {
  const more = chains[chain]?.more ?? {};
  if (more[event] === undefined && Object.keys(more).length < MAX_GIFTS)
    put(chains, chain, { more: { ...more, [event]: turns } });
  return chains;
}

/** This daemon handed an item of the chain to a seat by itself. */
export function foldWoken(chains: Chains, chain: string): Chains {
  put(chains, chain, { woken: (chains[chain]?.woken ?? 0) + 1 });
  return chains;
}

/** A person was asked at this limit. */
export function foldAsked(chains: Chains, chain: string, limit: number): Chains {
  put(chains, chain, { asked: Math.max(chains[chain]?.asked ?? 0, limit) });
  return chains;
}

const hopOf = (turn: string): number => Number(turn.slice(0, turn.indexOf(" ")));
const memberOf = (turn: string): string => turn.slice(turn.indexOf(" ") + 1).split("/")[0]!;

/** Automatic turns of a chain: those seen, or as many as a hop says went before, or those caused here. */
export function turnsOf(chain: Chain | undefined): number {
  if (chain === undefined) return 0;
  const turns = Object.keys(chain.turns);
  return Math.max(turns.length, ...turns.map(hopOf), chain.woken);
}

/** How many it may have: the setting, and what people gave. */
export function limitOf(chain: Chain | undefined, budget: number): number {
  return (
    budget +
    Math.min(
      MAX_TURNS,
      Object.values(chain?.more ?? {}).reduce((a, b) => a + b, 0),
    )
  );
}

/** The turns in their order, as far as the hops tell it. */
function inOrder(chain: Chain): readonly (readonly [turn: string, hash: string])[] {
  return Object.entries(chain.turns).sort(([a], [b]) => hopOf(a) - hopOf(b) || (a < b ? -1 : 1));
}

/** Whose agents took the latest turns. */
export function pathOf(chain: Chain, count = 12): readonly string[] {
  return inOrder(chain)
    .slice(-count)
    .map(([turn]) => memberOf(turn));
}

/** Each chain is replaced when it goes on, so what was found out of one holds. */
const takers = new WeakMap<Chain, ReadonlySet<string>>();

/** Who took turns in it, as `<member>` or `<member>/<seat>`. */
export function takersOf(chain: Chain): ReadonlySet<string> {
  const known = takers.get(chain);
  if (known !== undefined) return known;
  const found = new Set(Object.keys(chain.turns).map((turn) => turn.slice(turn.indexOf(" ") + 1)));
  takers.set(chain, found);
  return found;
}

/** A loop in words: two who answer each other for ever, or the same text again and again. */
export function patternOf(chain: Chain): string | undefined {
  const times = new Map<string, number>();
  for (const hash of Object.values(chain.turns)) times.set(hash, (times.get(hash) ?? 0) + 1);
  const most = Math.max(0, ...times.values());
  if (most >= REPEATED) return `the same text came ${most} times`;
  const path = pathOf(chain, 2 * LOOP_TURNS);
  const isPair = path.length >= LOOP_TURNS && path.every((name, i) => i < 2 || name === path[i - 2]);
  return isPair && path[0] !== path[1] ? `@${path.at(-2)} and @${path.at(-1)} answer each other` : undefined;
}
