// What this browser remembers of the page itself: what was read, the theme, whether to notify. No text of the room, no secret.
import { effect, signal } from "@preact/signals";

interface Memory {
  /** Up to when everything was read, unix milliseconds of this daemon; and later, for single threads and people. */
  readonly readAt: number;
  readonly theme: "auto" | "light" | "dark";
  readonly notify: boolean;
}

const PLACE = "agora-console";

function load(): Memory {
  const usual: Memory = { readAt: 0, theme: "auto", notify: false };
  try {
    const kept = JSON.parse(localStorage.getItem(PLACE) ?? "{}") as Partial<Memory>;
    return {
      readAt: typeof kept.readAt === "number" ? kept.readAt : 0,
      theme: kept.theme === "light" || kept.theme === "dark" ? kept.theme : "auto",
      notify: kept.notify === true,
    };
  } catch {
    return usual;
  }
}

export const memory = signal<Memory>(load());

/** Changes what is remembered. */
export function remember(change: Partial<Memory>): void {
  memory.value = { ...memory.peek(), ...change };
}

/** Writes changes down, and shows the theme. */
export function keepMemory(): void {
  effect(() => {
    const now = memory.value;
    document.documentElement.dataset["theme"] = now.theme;
    try {
      localStorage.setItem(PLACE, JSON.stringify(now));
    } catch {
      // Then it is forgotten with the page.
    }
  });
}
