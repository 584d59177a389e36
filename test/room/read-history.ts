// What a member's history says at this moment: the steps of the request, one right after the other.
import { historySteps } from "../../packages/member/src/messages/history.ts";

/** As the request `history`, at once. */
export function history(...asked: Parameters<typeof historySteps>): Result {
  const steps = historySteps(...asked);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

type Result = ReturnType<typeof historySteps> extends Generator<void, infer Answer> ? Answer : never;
