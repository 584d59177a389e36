// The lines of a place as a feed: a virtual list that works with the keyboard and with screen readers.
import { useSignalEffect } from "@preact/signals";
import type { VNode } from "preact";
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { Icon } from "./icon.tsx";
import type { ShownLine } from "./line-book.ts";
import { Message, type MessageProps } from "./message.tsx";
import { go, route, withThread } from "./route.ts";
import { dayWords, isSameDay } from "./time-words.ts";
import { UnreadBar } from "./unread-bar.tsx";
import { useVirtualList } from "./virtual-list.ts";

/** Lines of one author within this time are grouped. */
const TOGETHER_MS = 5 * 60_000;

export interface FeedProps {
  readonly label: string;
  readonly lines: readonly ShownLine[];
  readonly inThread?: boolean;
  /** Whether a line was new when the place was opened; the first such line has a divider, and is begun at. */
  readonly isNew?: ((line: ShownLine) => boolean) | undefined;
  /** Whether a line is unread now, and how many of those address this person: told in a bar while not all are on the screen. */
  readonly unread?: { readonly lines: readonly ShownLine[]; readonly toMe: number; readonly onAllRead: () => void };
  /** Where reading begins if nothing is new; at the end by default. */
  readonly begins?: "start" | undefined;
  readonly empty: VNode;
  /** Loads older lines. */
  readonly older?: (() => Promise<void>) | undefined;
  /** The reader has this line on the screen, and none behind it. */
  readonly seen?: (line: ShownLine) => void;
}

/** When more lines than this are new, they don't fit on a screen: reading begins at the first. */
const SCREEN_LINES = 10;

export function Feed({ label, lines, inThread = false, isNew, unread, begins, empty, older, seen }: FeedProps): VNode {
  const scroller = useRef<HTMLDivElement>(null);
  const keyOf = useCallback((index: number) => lines[index]?.id ?? String(index), [lines]);
  const list = useVirtualList(scroller, lines.length, keyOf);
  const [current, setCurrent] = useState<string | undefined>(undefined);
  const [atEnd, setAtEnd] = useState(true);
  const begun = useRef(false);
  const wantsFocus = useRef(false);
  const firstOwn = useRef<string | undefined>(undefined);
  const firstNew = useMemo(() => (isNew === undefined ? -1 : lines.findIndex(isNew)), [lines, isNew]);
  const target = inThread ? undefined : route.value.message;

  useLayoutEffect(() => {
    if (begun.current || lines.length === 0) return;
    begun.current = true;
    if (firstNew >= 0 && lines.length - firstNew > SCREEN_LINES) list.toIndex(firstNew, "start");
    else if (begins === "start") list.toIndex(0, "start");
    else list.toEnd();
  }, [lines.length > 0]);
  // Whoever says something sees it.
  const own = lines.at(-1)?.mine === true ? lines.at(-1)!.id : undefined;
  useEffect(() => {
    if (own !== undefined && begun.current && firstOwn.current !== undefined && own !== firstOwn.current) list.toEnd();
    firstOwn.current = own ?? "";
  }, [own]);
  useEffect(() => {
    const index = target === undefined ? -1 : lines.findIndex(({ id }) => id === target);
    if (index < 0) return;
    setCurrent(target);
    list.toIndex(index, "center");
  }, [target, lines.length > 0]);
  /** Tells which is the last line on the screen. */
  const look = (): void => {
    const element = scroller.current;
    if (element === null || document.hidden || seen === undefined) return;
    const bottom = element.scrollTop + element.clientHeight + 1;
    const last = list.items.findLast(({ start, size }) => start + size <= bottom);
    const line = last === undefined ? undefined : lines[last.index];
    if (line !== undefined) seen(line);
  };
  useEffect(() => {
    // What was just scrolled to is measured and painted first.
    const frame = requestAnimationFrame(look);
    return () => cancelAnimationFrame(frame);
  });
  // Whoever leaves within that frame has seen it all the same.
  const looking = useRef(look);
  looking.current = look;
  useEffect(() => () => looking.current(), []);
  useSignalEffect(() => {
    if (route.value.message === undefined && scroller.current !== null && !begun.current) list.toEnd();
  });
  useLayoutEffect(() => {
    if (!wantsFocus.current || current === undefined) return;
    const element = scroller.current?.querySelector<HTMLElement>(`#line-${inThread ? "t-" : ""}${current}`);
    if (element === null || element === undefined) return;
    wantsFocus.current = false;
    element.focus({ preventScroll: true });
  });

  const onScroll = (): void => {
    const element = scroller.current;
    if (element === null) return; // the view was closed meanwhile
    look();
    setAtEnd(element.scrollHeight - element.scrollTop - element.clientHeight < 60);
    if (element.scrollTop < 600 && begun.current) void older?.();
  };
  const walk = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target instanceof HTMLTextAreaElement) return;
    const at = current === undefined ? lines.length - 1 : lines.findIndex(({ id }) => id === current);
    const to = nextIndex(event.key, at, lines.length);
    if (to !== undefined) {
      event.preventDefault();
      wantsFocus.current = true;
      setCurrent(lines[to]?.id);
      list.toIndex(to, "auto");
    } else if (event.key === "r" && !inThread && lines[at] !== undefined) {
      event.preventDefault();
      go(withThread(lines[at].thread));
    }
  };

  return (
    <div class="feed-frame">
      {unread !== undefined && unread.lines.length > 0 && !atEnd && (
        <UnreadBar
          count={unread.lines.length}
          toMe={unread.toMe}
          since={unread.lines[0]!.time}
          onFirst={() => list.toIndex(Math.max(0, lines.indexOf(unread.lines[0]!)), "start")}
          onAllRead={unread.onAllRead}
        />
      )}
      <div class="feed" ref={scroller} onScroll={onScroll} onKeyDown={walk}>
        {lines.length === 0 && empty}
        <div role="feed" aria-label={label} aria-busy="false" class="rows" style={{ height: `${list.size}px` }}>
          {list.items.map(({ key, index, start }) => {
            const line = lines[index];
            if (line === undefined) return null;
            const before = lines[index - 1];
            const isNewDay = before === undefined || !isSameDay(before.time, line.time);
            const isFirstUnread = index === firstNew && index > 0;
            const isNext = !isNewDay && !isFirstUnread && isTogether(before, line);
            const isCurrent = current === line.id || (current === undefined && index === lines.length - 1);
            return (
              <article
                key={key}
                id={`line-${inThread ? "t-" : ""}${line.id}`}
                ref={list.measure}
                data-index={index}
                class={`row${current === line.id ? " current" : ""}${target === line.id ? " target" : ""}`}
                style={{ transform: `translateY(${start}px)` }}
                tabIndex={isCurrent ? 0 : -1}
                aria-posinset={index + 1}
                aria-setsize={lines.length}
                aria-label={`${line.author}: ${line.text.slice(0, 80)}`}
                onFocus={() => setCurrent(line.id)}
              >
                {isNewDay && (
                  <p class="divider">
                    <span>{dayWords(line.time, Date.now())}</span>
                  </p>
                )}
                {isFirstUnread && (
                  <p class="divider new">
                    <span>New</span>
                  </p>
                )}
                <Unchanged line={line} isNext={isNext} inThread={inThread} />
              </article>
            );
          })}
        </div>
      </div>
      {!atEnd && lines.length > 0 && (
        <button type="button" class="to-end" onClick={() => list.toEnd()}>
          <Icon name="down" /> Newest
        </button>
      )}
    </div>
  );
}

/** The same message returns the same element, which isn't rendered again when other lines arrive. */
function Unchanged({ line, isNext, inThread }: MessageProps): VNode {
  return useMemo(() => <Message line={line} isNext={isNext} inThread={inThread} />, [line, isNext, inThread]);
}

function isTogether(before: ShownLine | undefined, line: ShownLine): boolean {
  return (
    before !== undefined &&
    before.author === line.author &&
    before.seat === line.seat &&
    before.role === line.role &&
    before.control === undefined &&
    line.control === undefined &&
    before.thread === line.thread &&
    line.time - before.time < TOGETHER_MS
  );
}

function nextIndex(key: string, at: number, count: number): number | undefined {
  if (count === 0) return undefined;
  const clamp = (to: number): number => Math.max(0, Math.min(count - 1, to));
  switch (key) {
    case "ArrowDown":
    case "j":
      return clamp(at + 1);
    case "ArrowUp":
    case "k":
      return clamp(at - 1);
    case "Home":
      return 0;
    case "End":
      return count - 1;
    case "PageDown":
      return clamp(at + 10);
    case "PageUp":
      return clamp(at - 10);
    default:
      return undefined;
  }
}
