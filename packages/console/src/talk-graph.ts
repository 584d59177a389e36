// Who addresses whom: counted from the lines, plus the loops the daemon detected in chains of automatic turns. Pure.
import type { ChainState } from "@agora/ipc/messages";
import type { ShownLine } from "./line-book.ts";

export interface Edge {
  readonly from: string;
  /** A member, or `the room`. */
  readonly to: string;
  readonly count: number;
  readonly automatic: number;
  readonly looped: boolean;
}

export const ROOM = "the room";

/** The edges in these lines, heaviest first. */
export function edgesOf(lines: readonly ShownLine[], chains: readonly ChainState[]): readonly Edge[] {
  const loops = new Set(
    chains.flatMap(({ pattern, stopped, path }) =>
      pattern === undefined && !stopped ? [] : path.slice(1).map((to, index) => `${path[index]} ${to}`),
    ),
  );
  const edges = new Map<string, { from: string; to: string; count: number; automatic: number }>();
  for (const line of lines) {
    if (line.control !== undefined) continue;
    const to = line.to.length === 0 ? [ROOM] : [...new Set(line.to.map(({ member }) => member))];
    for (const whom of to) {
      const key = `${line.author} ${whom}`;
      const edge = edges.get(key) ?? { from: line.author, to: whom, count: 0, automatic: 0 };
      edge.count += 1;
      if (line.hop > 0) edge.automatic += 1;
      edges.set(key, edge);
    }
  }
  return [...edges].map(([key, edge]) => ({ ...edge, looped: loops.has(key) })).sort((a, b) => b.count - a.count);
}
