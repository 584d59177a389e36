// Short notes that disappear by themselves, and what a screen reader is told of arriving lines.
import { signal } from "@preact/signals";
import type { VNode } from "preact";

const SHOWN_MS = 5_000;
const notes = signal<readonly { readonly id: number; readonly text: string; readonly bad: boolean }[]>([]);
let lastId = 0;

/** Shows a note. */
export function toast(text: string, bad = false): void {
  const id = ++lastId;
  notes.value = [...notes.peek(), { id, text, bad }].slice(-4);
  setTimeout(() => {
    notes.value = notes.peek().filter((note) => note.id !== id);
  }, SHOWN_MS);
}

export function Toasts(): VNode {
  return (
    <div class="toasts" role="status">
      {notes.value.map(({ id, text, bad }) => (
        <p key={id} class={bad ? "toast bad" : "toast"}>
          {text}
        </p>
      ))}
    </div>
  );
}

const polite = signal("");
const assertive = signal("");

/** Announces something to a screen reader: `now` interrupts. */
export function announce(text: string, now = false): void {
  (now ? assertive : polite).value = text;
}

export function Announcer(): VNode {
  return (
    <>
      <div class="visually-hidden" role="log" aria-live="polite" aria-label="New messages">
        {polite.value}
      </div>
      <div class="visually-hidden" role="alert">
        {assertive.value}
      </div>
    </>
  );
}
