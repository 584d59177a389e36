// What this browser remembers about the page itself: what was read, the theme, whether to notify. No text of the room, no
// secrets.
import { effect, signal } from "@preact/signals";

interface Memory {
  /**
   * Up to when everything was read, unix milliseconds of this daemon; and later times for what individual people said
   * privately.
   */
  readonly readAt: number;
  readonly people: Readonly<Record<string, number>>;
  readonly theme: "auto" | "light" | "dark";
  readonly notify: boolean;
}

let place = "agora-console";

function load(): Memory {
  const usual: Memory = { readAt: 0, people: {}, theme: "auto", notify: false };
  try {
    const kept = JSON.parse(localStorage.getItem(place) ?? "{}") as Partial<Memory>;
    return {
      readAt: typeof kept.readAt === "number" ? kept.readAt : 0,
      people: timesOf(kept.people),
      theme: kept.theme === "light" || kept.theme === "dark" ? kept.theme : "auto",
      notify: kept.notify === true,
    };
  } catch {
    return usual;
  }
}

/** Members read separately from the room; a room has hardly more. */
const MAX_PEOPLE = 200;

function timesOf(kept: unknown): Readonly<Record<string, number>> {
  const times = Object.entries(typeof kept === "object" && kept !== null ? kept : {});
  return Object.fromEntries(times.filter(([, at]) => typeof at === "number").slice(-MAX_PEOPLE));
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
