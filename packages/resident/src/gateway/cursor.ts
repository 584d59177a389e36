// A cursor: a position in one member's own history, as programs see it. It names the history it belongs to, so that a cursor
// kept after the loss of that history is refused instead of waiting forever beyond the end of another.
import { fail, isLongerThan, newId, ok, type Result } from "@agora/protocol";

/** Which history a cursor belongs to: eight letters, new for every new history. */
export type Generation = string;

const GENERATION_CHARS = 8;
const CURSOR = /^(?:([0-9a-z]{8})-)?(\d{1,15})$/;

/** A generation for a new history. */
export function newGeneration(): Generation {
  return newId().slice(-GENERATION_CHARS);
}

/** The cursors of one member's history. */
export interface Cursors {
  /** Formats a position as a cursor. */
  write(position: number): string;
  /**
   * Parses a cursor; `otherwise` if there is none. `now` is the end, a bare number a position (`0` is the beginning).
   * `bad-request`: not a cursor; `reset`: of another history, and the message says where to begin.
   */
  read(word: string | undefined, otherwise: number): Result<number, "bad-request" | "reset">;
}

/** Formats and parses cursors of the history that ends at `end()`. */
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
