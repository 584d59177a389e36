// The budget of chains: how many automatic turns may follow from what a person said. At the limit a chain stops here, and the
// person at whose daemon it began is asked once, by a card, whether it shall go on.
import type { ChainState } from "@agora/ipc";
import type { Clock, Log } from "@agora/ports";
import { type Address, type Budget, BUDGET, newId, type OpenEvent, type Role } from "@agora/protocol";
import { HELD_BY_BUDGET } from "../inbox/reply-limits.ts";
import type { Item } from "../inbox/fold.ts";
import { budgetOf } from "../kernel/record.ts";
import { type Chain, limitOf, pathOf, patternOf, turnsOf } from "./fold.ts";
import type { EventFactory } from "../kernel/event-factory.ts";
import type { Store } from "../kernel/store.ts";

export interface ChainKeeper {
  /** Why a chain goes no further by itself; undefined while it may. [CHAIN-3] */
  spent(chain: string): string | undefined;
  /** An item was held for that: whoever the chain belongs to is asked, once for each limit. */
  ask(item: Omit<Item, "state">): void;
  /** A budget event came: somebody's question for a chain that began here. */
  asked(event: OpenEvent, position: number): void;
  state(chain: string): ChainState | undefined;
  list(): readonly ChainState[];
}

/** Chains that a view is given. */
const MAX_LISTED = 100;
/** Creates the keeper of chains. */
export function createChains(options: {
  readonly store: Store;
  readonly budget: number;
  readonly me: string;
  /** Whether a key is this member's here, or was. */
  readonly isMyKey: (key: string) => boolean;
  readonly events: EventFactory;
  readonly keyOf: (name: string) => string | undefined;
  readonly send: (event: OpenEvent, to: string) => void;
  readonly addCard: (item: Omit<Item, "state">) => void;
  readonly clock: Clock;
  readonly log: Log;
}): ChainKeeper {
  const { store, budget, me, clock, log } = options;
  const known = (id: string): Chain | undefined => store.state.chains[id];
  const toState = (id: string, chain: Chain): ChainState => {
    const turns = turnsOf(chain);
    const limit = limitOf(chain, budget);
    const pattern = patternOf(chain);
    return {
      chain: id,
      ...(chain.thread === undefined ? {} : { thread: chain.thread }),
      turns,
      limit,
      stopped: turns >= limit,
      path: pathOf(chain),
      ...(pattern === undefined ? {} : { pattern }),
    };
  };

  const card = (id: string, position: number, from: string, role: Role, told: Budget["asks"]): void => {
    const chain = known(id);
    const own = chain === undefined ? undefined : toState(id, chain);
    const limit = own?.limit ?? told?.limit ?? budget;
    if ((chain?.asked ?? 0) >= limit) return; // once for each limit
    const pattern = own?.pattern ?? told?.pattern;
    log.info("chain-card", { chain: id, limit });
    options.addCard({
      id: newId(),
      thread: chain?.thread ?? id,
      from,
      role,
      at: clock.now(),
      hop: 0,
      chain: id,
      position,
      person: true,
      card: {
        turns: Math.max(own?.turns ?? 0, told?.turns ?? 0),
        limit,
        path: own?.path ?? [],
        ...(pattern === undefined ? {} : { pattern }),
      },
    });
  };

  return {
    spent(id) {
      const chain = known(id);
      const limit = limitOf(chain, budget);
      return turnsOf(chain) >= limit ? `${HELD_BY_BUDGET} ${limit}` : undefined;
    },
    ask(item) {
      const chain = known(item.chain);
      if (chain === undefined || (chain.asked ?? 0) >= limitOf(chain, budget)) return;
      const { by } = chain;
      // A member that does not know where a chain began, or no longer knows that member by its key, asks its own person.
      if (by === undefined || by.member === me || options.keyOf(by.member) !== by.key)
        return card(item.chain, item.position, item.from, item.role, undefined);
      const { turns, limit, pattern } = toState(item.chain, chain);
      store.in({ op: "asked", chain: item.chain, limit });
      const asks = { turns, limit, ...(pattern === undefined ? {} : { pattern }) };
      options.send(
        makeBudget(options.events, { chain: item.chain, turns: 0, asks }, "agent", chain.thread, { to: [by] }),
        by.member,
      );
    },
    asked(event, position) {
      const told = budgetOf(event);
      const chain = told === undefined ? undefined : known(told.chain);
      // Only for what began here: a stranger's question about anything else is nobody's card.
      if (told?.asks === undefined || chain?.by?.member !== me || !options.isMyKey(chain.by.key)) return;
      if (told.asks.limit < budget) return; // its own setting is stricter than ours: it asks its own person
      card(told.chain, position, event.head.author, event.head.role, told.asks);
    },
    state(id) {
      const chain = known(id);
      return chain === undefined ? undefined : toState(id, chain);
    },
    list: () =>
      Object.entries(store.state.chains)
        .filter(([, chain]) => turnsOf(chain) > 0)
        .slice(-MAX_LISTED)
        .map(([id, chain]) => toState(id, chain))
        .reverse(),
  };
}

/** A budget event: turns that a person gives a chain, told to all, or a daemon's question for them. */
export function makeBudget(
  author: EventFactory,
  budget: Budget,
  role: Role,
  thread: string | undefined,
  {
    to = [],
    id,
  }: {
    readonly to?: readonly { readonly member: string; readonly key: string }[];
    readonly id?: string | undefined;
  } = {},
): OpenEvent {
  const addresses: Address[] = to.map(({ member, key }) => ({ member, key, person: true }));
  return author.make({ role, kind: "budget", to: addresses, body: JSON.stringify(budget), media: BUDGET, thread, id });
}
