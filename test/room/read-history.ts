// What a member's history says at this moment: the steps of the request, one right after the other.
import { atOnce } from "../../packages/member/src/kernel/steps.ts";
import { historySteps } from "../../packages/member/src/messages/history.ts";

/** As the request `history`, at once. */
export function history(...asked: Parameters<typeof historySteps>) {
  return atOnce(historySteps(...asked));
}
