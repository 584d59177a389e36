// Above a feed whose new lines aren't all on the screen: how many there are, since when, and the ways through them.
import type { VNode } from "preact";
import { clockWords, dayWords, isSameDay } from "./time-words.ts";

export interface UnreadBarProps {
  readonly count: number;
  /** How many of them address this person. */
  readonly toMe: number;
  /** When the first of them was said, unix milliseconds. */
  readonly since: number;
  readonly onFirst: () => void;
  readonly onAllRead: () => void;
}

export function UnreadBar({ count, toMe, since, onFirst, onAllRead }: UnreadBarProps): VNode {
  const now = Date.now();
  const day = isSameDay(since, now) ? "" : `${dayWords(since, now)} `;
  return (
    <div class="unread-bar" role="group" aria-label="New messages">
      <span>
        {count} new since {day}
        {clockWords(since)}
        {toMe > 0 && <strong> · {toMe} to you</strong>}
      </span>
      <button type="button" onClick={onFirst}>
        First new
      </button>
      <button type="button" onClick={onAllRead}>
        Mark all read
      </button>
    </div>
  );
}
