// What a port answers: at once where all is in this process, later where it is not, and a failure when what stands behind the
// port can't be reached. So one process pays no turn of the event loop for what only several need.
import { type Clock } from "@agora/ports";
import { fail, type Result } from "@agora/protocol";

/** What a port gives back. */
export type Outcome<T> = Result<T, "unavailable">;

/** An outcome, now or later. */
export type Answer<T> = Outcome<T> | Promise<Outcome<T>>;

/** How long a port may take, milliseconds. */
export const ANSWER_MS = 5_000;

/**
 * Hands an answer on: in this turn when it is there, else when it comes. What takes longer than ANSWER_MS has failed, and so has
 * what is rejected; an answer that comes after that is given to `late`.
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

/** The same as a promise. */
export function answered<T>(
  answer: Answer<T>,
  clock: Clock,
  late?: (outcome: Outcome<T>) => void,
): Promise<Outcome<T>> {
  return new Promise((resolve) => whenAnswered(answer, clock, resolve, late));
}

/** The same, for who may have to wait: a promise that ends when the answer was handed on, undefined when that is done. */
export function doneWhenAnswered<T>(
  answer: Answer<T>,
  clock: Clock,
  then: (outcome: Outcome<T>) => void,
): Promise<void> | undefined {
  if (answer instanceof Promise) return answered(answer, clock).then(then);
  then(answer);
  return undefined;
}
