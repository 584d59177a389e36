// Defines one request: its arguments, its result and everything the daemon must know before a handler runs. One row says it
// all; lists of requests (what a page may ask, what only waits, what an agent may not do) are derived from the rows. Rows
// load a schema library, so clients import only their types.
import type { infer as Infer, ZodMiniObject } from "zod/mini";

/** Whose word a request accepts. */
export type Who = "person" | "anyone";

/** Traits of a request with arguments `Args`. Each is enforced in one place, however the request arrives. */
export interface Traits<Args> {
  /** `person`: the daemon refuses it from an agent (`via` tool or shell). A function if that depends on the arguments. */
  readonly who: Who | ((args: Args) => Who);
  /** What an agent is told when it may not ask; required wherever `who` can be `person`. */
  readonly refusal?: string | ((args: Args) => string);
  /**
   * It says something in the room, so observers may not ask it, and nobody may while an operator's stop is in force.
   * `sometimes`: that depends on its subject, and its handler makes the same check (`whyBarred`).
   */
  readonly speaks?: true | "sometimes";
  /** A console page may ask it, as the person. */
  readonly console?: true;
  /** A member at the gateway may ask it. */
  readonly gateway?: true;
  /** Its answer is part of the state that `watchState` pushes; these are the arguments to ask with, besides `via`. */
  readonly shown?: Partial<Args>;
  /** As part of the state it is made so often at most, milliseconds: it is large, and changes with every message. */
  readonly shownEveryMs?: number;
  /** It waits for something to happen and may be repeated: a daemon that hands over sends it to its successor. */
  readonly waits?: true;
  /**
   * It only reports something that happened on the asker's side, so it is valid even if nobody waits for the answer. All
   * other requests are dropped once their asker has gone.
   */
  readonly tells?: true;
}

declare const RESULT: unique symbol;

/** A result's type; nothing exists at run time. */
export interface Gives<Result> {
  readonly [RESULT]?: Result;
}

/** Declares the type of a result, as in `result: gives<Said>()`. */
export function gives<Result>(): Gives<Result> {
  return {};
}

/** Defines a request as a row. Its name is its key in its feature's table. */
export function defineRequest<Args extends ZodMiniObject, Result extends object, const Row extends Traits<Infer<Args>>>(
  row: Row & { readonly args: Args; readonly result: Gives<Result> },
): DefinedRequest<Args, Result, Row> {
  return row;
}

/** A row as its table stores it. */
export type DefinedRequest<Args extends ZodMiniObject, Result extends object, Row> = Row & {
  readonly args: Args;
  readonly result: Gives<Result>;
};

/** Any row, for code that treats all of them alike. */
export type AnyRequest = Omit<Traits<never>, "shown"> & {
  readonly shown?: object;
  readonly args: ZodMiniObject;
  readonly result: Gives<object>;
};
