// A well-maintained library's virtual list as a hook: only visible rows are in the document. It sticks to the end while the
// reader is there, and keeps the reader's place when older rows are added above.
import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
  type VirtualItem,
} from "@tanstack/virtual-core";
import type { RefObject } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";

export interface VirtualList {
  readonly items: readonly VirtualItem[];
  readonly size: number;
  readonly isAtEnd: boolean;
  readonly measure: (element: HTMLElement | null) => void;
  readonly toEnd: () => void;
  readonly toIndex: (index: number, align: "auto" | "center" | "start") => void;
}

const ESTIMATE_PX = 64;
const END_PX = 60;

/** Lists `count` rows inside `scroller`. */
export function useVirtualList(
  scroller: RefObject<HTMLElement | null>,
  count: number,
  keyOf: (index: number) => string,
): VirtualList {
  const [, setRenderings] = useState(0);
  const options = {
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => ESTIMATE_PX,
    getItemKey: keyOf,
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    overscan: 8,
    anchorTo: "end",
    followOnAppend: true,
    scrollEndThreshold: END_PX,
    initialRect: { width: 800, height: 800 },
    onChange: () => setRenderings((n) => n + 1),
  } as const;
  const [list] = useState(() => new Virtualizer<HTMLElement, HTMLElement>(options));
  list.setOptions(options);
  useLayoutEffect(() => list._didMount(), []);
  useLayoutEffect(() => list._willUpdate());
  return {
    items: list.getVirtualItems(),
    size: list.getTotalSize(),
    get isAtEnd() {
      return list.isAtEnd(END_PX);
    },
    // The same function every time: a new one would make every row be measured again whenever a line arrives.
    measure: list.measureElement,
    toEnd: () => list.scrollToEnd(),
    toIndex: (index, align) => list.scrollToIndex(index, { align }),
  };
}
