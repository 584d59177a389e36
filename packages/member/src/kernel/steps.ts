// Work on a long journal, in steps: a generator that pauses after each. Who asks waits between them, so that the daemon does what
// else there is; what must not be interrupted takes them one right after the other.

/** Carries out the steps, and gives way to everything else between two of them. */
export async function inTurns<Result>(steps: Iterator<void, Result>): Promise<Result> {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    await new Promise((resolve) => setTimeout(resolve));
  }
}

/** Carries out the steps at once. */
export function atOnce<Result>(steps: Iterator<void, Result>): Result {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
