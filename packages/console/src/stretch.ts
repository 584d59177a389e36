// A stretch of what was said, which grows at both ends: pure, without signals.
import type { Results } from "@agora/ipc/messages";
import { compareLines, type ShownLine } from "./line-book.ts";

export interface Stretch {
  readonly lines: readonly ShownLine[];
  /** There may be lines before, and behind, these. */
  readonly more: boolean;
  readonly newer: boolean;
}

/** A stretch, as it is now, with an answer: the first, or what is before or after it. */
export function grown(
  stretch: Stretch | undefined,
  side: "first" | "before" | "after",
  { lines, more, newer }: Pick<Results["history"], "lines" | "more" | "newer">,
): Stretch {
  const all = new Map([...(stretch?.lines ?? []), ...lines].map((line) => [line.id, line]));
  return {
    lines: [...all.values()].sort(compareLines),
    more: side === "after" ? (stretch?.more ?? more) : more,
    newer: side === "before" ? stretch?.newer === true : newer === true,
  };
}
