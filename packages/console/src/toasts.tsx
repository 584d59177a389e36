// Short notes that disappear by themselves, and what a screen reader is told of arriving lines.
import { signal } from "@preact/signals";
import type { VNode } from "preact";

const SHOWN_MS = 5_000;
/** What can be taken back is shown for longer. */
const UNDO_SHOWN_MS = 30_000;

/** A button in a note, which takes back what the note tells. */
interface Undo {
  readonly words: string;
  readonly run: () => void;
}

interface Note {
  readonly id: number;
  readonly text: string;
  readonly bad: boolean;
  readonly undo: Undo | undefined;
}

const notes = signal<readonly Note[]>([]);
let lastId = 0;

/** Shows a note; with `undo` for longer. */
export function toast(text: string, bad = false, undo?: Undo): void {
  const id = ++lastId;
  notes.value = [...notes.peek(), { id, text, bad, undo }].slice(-4);
  setTimeout(() => close(id), undo === undefined ? SHOWN_MS : UNDO_SHOWN_MS);
}

function close(id: number): void {
  notes.value = notes.peek().filter((note) => note.id !== id);
}

export function Toasts(): VNode {
  return (
    <div class="toasts" role="status">
      {notes.value.map(({ id, text, bad, undo }) => (
        <p key={id} class={bad ? "toast bad" : "toast"}>
          {text}
          {undo !== undefined && (
            <button
              type="button"
              onClick={() => {
                close(id);
                undo.run();
              }}
            >
              {undo.words}
            </button>
          )}
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
