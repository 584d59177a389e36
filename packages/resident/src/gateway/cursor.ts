// A cursor: a place in one member's own history, as programs hold it. It names the history it is of, so that one kept over
// the loss of that history is refused instead of waiting for ever behind the end of another.
import { fail, isLongerThan, newId, ok, type Result } from "@agora/protocol";

/** Which history a cursor is of: eight letters, new with every new history. */
export type Generation = string;

const GENERATION_CHARS = 8;
const CURSOR = /^(?:([0-9a-z]{8})-)?(\d{1,15})$/;

/** A generation for a history that begins now. */
export function newGeneration(): Generation {
  return newId().slice(-GENERATION_CHARS);
}

/** The cursors of one member's history. */
export interface Cursors {
  /** The word for a position. */
  write(position: number): string;
  /**
   * The position that a word means; `otherwise` where there is none. `now` is the end, a bare number a position (`0` is the
   * beginning). `bad-request`: no cursor at all; `reset`: one of another history, and the sentence says where to begin.
   */
  read(word: string | undefined, otherwise: number): Result<number, "bad-request" | "reset">;
}

/** Reads and writes the cursors of the history that ends at `end()`. */
export function createCursors(generation: Generation, end: () => number): Cursors {
  const write = (position: number): string => `${generation}-${position}`;
  return {
    write,
    read(word, otherwise) {
      if (word === undefined || word === "") return ok(otherwise);
      if (word === "now") return ok(end());
      const [, of, digits] = (isLongerThan(word, 32) ? undefined : CURSOR.exec(word)) ?? [];
      if (digits === undefined)
        return fail("bad-request", "A cursor is one that an answer gave, or 0 for the beginning, or now for the end.");
      const position = Number(digits);
      if ((of === undefined || of === generation) && position <= end()) return ok(position);
      return fail(
        "reset",
        `That cursor is of a history that is gone: begin again with after=${write(0)} for all that is kept, or after=now.`,
      );
    },
  };
}
