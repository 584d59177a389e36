// Who addresses whom: as the daemon counted it, plus the loops the daemon detected in chains of automatic turns. Pure.
import type { ChainState, PairActivity, Span } from "@agora/ipc/messages";

export interface Edge {
  readonly from: string;
  /** A member, or `the room`. */
  readonly to: string;
  readonly count: number;
  readonly automatic: number;
  readonly looped: boolean;
}

export const ROOM = "the room";

/** The edges of these pairs in a span, heaviest first. */
export function edgesOf(pairs: readonly PairActivity[], chains: readonly ChainState[], span: Span): readonly Edge[] {
  const loops = new Set(
    chains.flatMap(({ pattern, stopped, path }) =>
      pattern === undefined && !stopped ? [] : path.slice(1).map((to, index) => `${path[index]} ${to}`),
    ),
  );
  return pairs
    .filter(({ messages }) => messages[span] > 0)
    .map(({ from, to = ROOM, messages, turns }) => ({
      ...{ from, to, count: messages[span], automatic: turns[span] },
      looped: loops.has(`${from} ${to}`),
    }))
    .sort((a, b) => b.count - a.count);
}
