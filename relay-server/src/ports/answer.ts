// What a port answers: immediately if everything is in this process, later if it isn't, and a failure if what is behind the
// port can't be reached. So a single process doesn't pay a turn of the event loop for what only several need.
import { type Clock } from "@agora/ports";
import { fail, type Result } from "@agora/protocol";

/** What a port returns. */
export type Outcome<T> = Result<T, "unavailable">;

/** An outcome, now or later. */
export type Answer<T> = Outcome<T> | Promise<Outcome<T>>;

/** How long a port may take, milliseconds. */
export const ANSWER_MS = 5_000;

/**
 * Passes on an answer: in this turn if it is already there, else when it comes. An answer that takes longer than ANSWER_MS,
 * or is rejected, counts as failed; one that comes after that goes to `late`.
 */
export function whenAnswered<T>(
  answer: Answer<T>,
  clock: Clock,
  then: (outcome: Outcome<T>) => void,
  late?: (outcome: Outcome<T>) => void,
): void {
  if (!(answer instanceof Promise)) return then(answer);
  let isOver = false;
  const end = (outcome: Outcome<T>): void => {
    if (isOver) return late?.(outcome);
    isOver = true;
    cancel();
    then(outcome);
  };
  const cancel = clock.after(ANSWER_MS, () => end(fail("unavailable", `no answer within ${ANSWER_MS / 1000} s`)));
  answer.then(end, (error: unknown) =>
    end(fail("unavailable", error instanceof Error ? error.message : String(error))),
  );
}

/** Like `whenAnswered`, as a promise. */
export function answered<T>(
  answer: Answer<T>,
  clock: Clock,
  late?: (outcome: Outcome<T>) => void,
): Promise<Outcome<T>> {
  return new Promise((resolve) => whenAnswered(answer, clock, resolve, late));
}

/**
 * Like `whenAnswered`, for callers that may have to wait: a promise that ends once the answer was passed on, or undefined if
 * that has already happened.
 */
export function doneWhenAnswered<T>(
  answer: Answer<T>,
  clock: Clock,
  then: (outcome: Outcome<T>) => void,
): Promise<void> | undefined {
  if (answer instanceof Promise) return answered(answer, clock).then(then);
  then(answer);
  return undefined;
}
