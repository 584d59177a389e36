// What is told of an event before it came, in memory until it comes: a receipt may overtake the event itself on its way to the author's
// other devices. Anybody may tell of events that never come; whoever does loses own words alone.
import type { Receipt } from "@agora/protocol";

/** One word; `key` is the teller's. */
export interface EarlyWord {
  readonly from: string;
  readonly key: string;
  readonly word: Receipt;
}

export interface EarlyWords {
  /** Keeps a word; of each who tells the latest ones. */
  keep(word: EarlyWord): void;
  /** What some tellers told of an event, in their order; it is forgotten with that. */
  take(id: string, from: readonly string[]): readonly EarlyWord[];
}

const MAX_OWN = 2_000;
const MAX_OF_EACH = 100;
const MAX_TELLERS = 500;

/**
 * Nothing is kept yet. `me`: the own name, under which other devices tell more than others do. `isHere`: when there are too many who
 * told, those who are not in the room any more are forgotten.
 */
export function createEarlyWords(me: string, isHere: (member: string) => boolean): EarlyWords {
  const told = new Map<string, EarlyWord[]>();
  const makePlace = (): boolean => {
    if (told.size >= MAX_TELLERS) for (const from of told.keys()) if (!isHere(from)) told.delete(from);
    return told.size < MAX_TELLERS;
  };
  return {
    keep(word) {
      const words = told.get(word.from);
      if (words === undefined) {
        if (makePlace()) told.set(word.from, [word]);
        return;
      }
      words.push(word);
      if (words.length > (word.from === me ? MAX_OWN : MAX_OF_EACH)) words.shift();
    },
    take: (id, from) =>
      from.flatMap((teller) => {
        const words = told.get(teller) ?? [];
        const left = words.filter(({ word }) => word.id !== id);
        if (left.length === 0) told.delete(teller);
        else told.set(teller, left);
        return words.filter(({ word }) => word.id === id);
      }),
  };
}
