// What one request is: its arguments, its result and everything the daemon has to know about it before a handler runs. One row
// says it all; whoever needs a list of requests (what a page may ask, what only waits, what an agent may not do) derives it
// from the rows. Rows load a schema library: clients take their types alone.
import type { infer as Infer, ZodMiniObject } from "zod/mini";

/** Whose word a request takes. */
export type Who = "person" | "anyone";

/** Traits of a request that takes the arguments `Args`. Each is checked or read in one place, for every way in. */
export interface Traits<Args> {
  /** `person`: the daemon refuses it from an agent (`via` tool or shell). A function where that depends on the arguments. */
  readonly who: Who | ((args: Args) => Who);
  /** What an agent is told that may not ask for it; there wherever `who` can be `person`. */
  readonly refusal?: string | ((args: Args) => string);
  /**
   * It says something in the room, so an observer may not, nor may anybody while an operator's stop is in force.
   * `sometimes`: that depends on what it is about, and its handler asks the same question (`whyBarred`).
   */
  readonly speaks?: true | "sometimes";
  /** A page of the console may ask for it, as the person. */
  readonly console?: true;
  /** A member at the gateway may ask for it. */
  readonly gateway?: true;
  /** Its answer is part of the state every page is shown; these are the arguments it is asked with, besides `via`. */
  readonly shown?: Partial<Args>;
  /** It waits for something to happen and may be made twice: a daemon that hands over sends it to its successor. */
  readonly waits?: true;
  /**
   * It only tells what has happened on the asker's side: true whether or not anybody waits for the answer. All others are not
   * carried out once their asker has gone.
   */
  readonly tells?: true;
}

declare const RESULT: unique symbol;

/** The type of a result; there is nothing at run time. */
export interface Gives<Result> {
  readonly [RESULT]?: Result;
}

/** Names the type of a result, as in `result: gives<Said>()`. */
export function gives<Result>(): Gives<Result> {
  return {};
}

/** One request as a row. Its name is its key in the table of its feature. */
export function defineRequest<Args extends ZodMiniObject, Result extends object, const Row extends Traits<Infer<Args>>>(
  row: Row & { readonly args: Args; readonly result: Gives<Result> },
): DefinedRequest<Args, Result, Row> {
  return row;
}

/** A row as its table keeps it. */
export type DefinedRequest<Args extends ZodMiniObject, Result extends object, Row> = Row & {
  readonly args: Args;
  readonly result: Gives<Result>;
};

/** Any row, for code that handles all of them alike. */
export type AnyRequest = Omit<Traits<never>, "shown"> & {
  readonly shown?: object;
  readonly args: ZodMiniObject;
  readonly result: Gives<object>;
};
