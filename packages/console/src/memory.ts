// What this browser remembers about the page itself: what was read, the theme, whether to notify. No text of the room, no
// secrets.
import { isStamp } from "@agora/protocol";
import { effect, signal } from "@preact/signals";

interface Memory {
  /**
   * Up to when everything counts as read whatever its stamp, unix milliseconds of this daemon: the first look at a room.
   */
  readonly readAt: number;
  /** By place the stamp up to which it was read here: what the daemon wasn't told yet when the page went. */
  readonly marks: Readonly<Record<string, string>>;
  readonly theme: "auto" | "light" | "dark";
  readonly notify: boolean;
}

let place = "agora-console";

function load(): Memory {
  const usual: Memory = { readAt: 0, marks: {}, theme: "auto", notify: false };
  try {
    const kept = JSON.parse(localStorage.getItem(place) ?? "{}") as Partial<Memory>;
    return {
      readAt: typeof kept.readAt === "number" ? kept.readAt : 0,
      marks: marksOf(kept.marks),
      theme: kept.theme === "light" || kept.theme === "dark" ? kept.theme : "auto",
      notify: kept.notify === true,
    };
  } catch {
    return usual;
  }
}

/** Places that are remembered; a room has hardly more. */
const MAX_PLACES = 200;

function marksOf(kept: unknown): Readonly<Record<string, string>> {
  const marks = Object.entries(typeof kept === "object" && kept !== null ? kept : {});
  return Object.fromEntries(
    marks.filter(([, stamp]) => typeof stamp === "string" && isStamp(stamp)).slice(-MAX_PLACES),
  );
}

export const memory = signal<Memory>(load());

/** Remembers for one of the members that this browser may be. */
export function useMemoryOf(member: string): void {
  place = `agora-console ${member}`;
  memory.value = load();
}

/** Changes what is remembered. */
export function remember(change: Partial<Memory>): void {
  memory.value = { ...memory.peek(), ...change };
}

/** Saves changes, and applies the theme. */
export function keepMemory(): void {
  effect(() => {
    const now = memory.value;
    document.documentElement.dataset["theme"] = now.theme;
    try {
      localStorage.setItem(place, JSON.stringify(now));
    } catch {
      // Then it is forgotten with the page.
    }
  });
}
