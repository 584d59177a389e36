// Numbered messages said one after the other, and what must be true of them afterwards: each is in every journal once.
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { type Person, until, wholeLines } from "./test-users.ts";

const PAUSE_MS = 30;

/** One message that was said. */
export interface Told {
  readonly text: string;
  readonly id?: string;
}

export interface Stream {
  /** Ends after the message under way; all that were said, and what was answered to those that were refused. */
  stop(): Promise<{ readonly told: readonly Told[]; readonly refused: readonly string[] }>;
  readonly count: number;
}

/** Says one message after the other by `say`, which gives its id, or throws. */
export function startStream(name: string, say: (text: string) => Promise<string | undefined>): Stream {
  const told: Told[] = [];
  const refused: string[] = [];
  const over = new AbortController();
  const running = (async () => {
    for (let n = 1; !over.signal.aborted; n += 1) {
      await sleep(PAUSE_MS);
      const text = `${name}-${n}.`;
      try {
        const id = await say(text);
        told.push(id === undefined ? { text } : { text, id });
      } catch (error) {
        refused.push(`${text} ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  })();
  return {
    get count() {
      return told.length;
    },
    async stop() {
      over.abort();
      await running;
      return { told, refused };
    },
  };
}

interface Kept {
  readonly id: string;
  readonly text: string;
  readonly kind: string;
}

/** The messages in a person's history file, in the order they were written down. */
export function messagesOf(person: Person): readonly Kept[] {
  return wholeLines(person.read(".agora", "history.jsonl"))
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Kept)
    .filter(({ kind }) => kind === "message");
}

/** Waits until every message is in everybody's history, and sees that none is there twice and nothing is there besides. */
export async function expectOnce(people: readonly Person[], told: readonly Told[]): Promise<void> {
  const texts = told.map(({ text }) => text).sort();
  for (const person of people) {
    await until(`all of ${texts.length} at ${person.name}`, async () => {
      const there = new Set(messagesOf(person).map(({ text }) => text));
      return Promise.resolve(texts.every((text) => there.has(text)));
    }).catch((error: unknown) => {
      const there = new Set(messagesOf(person).map(({ text }) => text));
      throw new Error(`${String(error)}: missing ${texts.filter((text) => !there.has(text)).join(" ")}`);
    });
    const kept = messagesOf(person).map(({ text }) => text);
    expect(kept.sort(), `history of ${person.name}`).toEqual(texts);
  }
}
