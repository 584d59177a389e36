// A person's word on a chain that came to its limit: more turns, or (by `reject`) none.
import type { ChainState, InboxItem, RequestArgs, Results } from "@agora/ipc";
import { fail, MAX_MORE_TURNS, ok, type Result } from "@agora/protocol";
import type { Item } from "../inbox/fold.ts";
import { makeBudget } from "./keeper.ts";
import { post } from "../kernel/post.ts";
import { findItem, findThread } from "../kernel/thread-lookup.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { ChainKeeper } from "./keeper.ts";
import type { Inbox } from "../inbox/feature.ts";

/** What these requests use. */
export type Context = Kernel & { readonly chains: ChainKeeper; readonly inbox: Inbox };

/** A card in words, for a person. */
export function cardText(room: Kernel, { card, chain, from }: Item): string {
  if (card === undefined) return "";
  const own = room.store.state.outbox[chain];
  const begun =
    own === undefined
      ? `that ${from === room.me ? "you" : `@${from}`} took part in`
      : `that began with "${own.preview}"`;
  const over = card.path.length === 0 ? "" : ` (${[...new Set(card.path)].map((name) => `@${name}`).join(", ")})`;
  const loop = card.pattern === undefined ? "" : `; ${card.pattern}`;
  return `A chain ${begun} took ${card.turns} automatic turns${over}, its limit is ${card.limit}${loop}. It stopped: shall it go on?`;
}

/** The chain of a card, as surfaces show it. */
export function cardOf(room: Kernel, item: Item): Pick<InboxItem, "kind" | "card"> {
  if (item.card === undefined) return {};
  const { turns, limit, path, pattern } = item.card;
  const told = { chain: item.chain, thread: item.thread, turns, limit, path, stopped: true };
  return { kind: "card", card: { ...told, ...(pattern === undefined ? {} : { pattern }) } };
}

/** The latest chains, with those that this member only heard of by a question: what its agents say is not for us to see. */
export function listChains(room: Context): readonly ChainState[] {
  const seen = room.chains.list();
  const known = new Set(seen.map(({ chain }) => chain));
  const asked = Object.values(room.store.state.inbox).flatMap((item) => cardOf(room, item).card ?? []);
  return [...asked.filter(({ chain }) => !known.has(chain)), ...seen];
}

/** Gives a chain more turns, at all daemons. [CHAIN-4] */
export async function more(
  room: Context,
  { thread: word, turns, once }: RequestArgs<"more">,
): Promise<Result<Results["more"], "not-allowed" | "unknown-thread" | "ambiguous" | "bad-request" | "disk">> {
  const give = turns ?? Math.max(1, room.inbox.limits().chainBudget);
  if (give > MAX_MORE_TURNS) return fail("bad-request", `At most ${MAX_MORE_TURNS} turns can be given at once.`);
  const chain = findChain(room, word);
  if (!chain.ok) return chain;
  const id = chain.value;
  const event = makeBudget(room.events, { chain: id, turns: give }, "user", room.store.state.chains[id]?.thread, {
    id: once,
  });
  const posted = await post(room, event, [], `${give} automatic turns more`);
  if (!posted.ok) return posted;
  for (const item of Object.values(room.store.state.inbox))
    if (item.card !== undefined && item.chain === id) room.inbox.close(item, "answered");
  const state = room.chains.state(id);
  return ok({ chain: id, turns: state?.turns ?? 0, limit: state?.limit ?? room.inbox.limits().chainBudget });
}

/** The chain that is meant: of a card, else of a thread. */
function findChain(room: Context, word: string): Result<string, "unknown-thread" | "ambiguous"> {
  const cards = Object.values(room.store.state.inbox).filter((item) => item.card !== undefined);
  if (word === "last" && cards.length > 0) return ok(cards.at(-1)!.chain);
  const item = findItem(room.store, word);
  if (item.ok) return ok(item.value.chain);
  const thread = findThread(room.store, word);
  if (!thread.ok) return thread;
  const chains = Object.entries(room.store.state.chains).filter(([, chain]) => chain.thread === thread.value.id);
  const last = chains.at(-1)?.[0];
  return last === undefined ? fail("unknown-thread", `No chain of automatic turns belongs to "${word}".`) : ok(last);
}
