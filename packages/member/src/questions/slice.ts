// Questions and answers, decisions, and which own questions are over for those who asked.
import { putLatest } from "../kernel/latest.ts";
import type { Slice } from "../kernel/slice.ts";
import { foldDisowned } from "./disowned-fold.ts";
import {
  dropQueuedQuestion,
  foldQuestion,
  foldQuestionPosted,
  foldQuestionStamp,
  foldQueuedQuestion,
  noQuestions,
  type Questions,
} from "./fold.ts";

declare module "../kernel/state.ts" {
  interface MemberState {
    readonly questions: Questions;
    /** Own questions whose time was over and whose asker was told so, or that were answered before: nothing is said again. */
    readonly ended: Record<string, true>;
  }
  interface InRecords {
    readonly questions:
      | { readonly op: "question-posted"; readonly question: string }
      | { readonly op: "question-disowned"; readonly id: string; readonly key: string };
  }
}

const MAX_ENDED = 500;

export const questionsSlice: Slice = {
  empty: () => ({ questions: noQuestions(), ended: {} }),
  told({ questions }, { head, body, line, who }) {
    foldQuestion(questions, { head, body, root: line.root }, line.stamp, line.late === true ? "member" : "relay", who);
  },
  moved: ({ questions }, { id, stamp, key }) => void foldQuestionStamp(questions, id, stamp, key),
  out({ questions }, record, head) {
    if (record.op === "queue" && head !== undefined)
      foldQueuedQuestion(questions, { head, body: record.sealed.body }, record.clockOff);
    if (record.op === "refuse" && record.over !== true) dropQueuedQuestion(questions, record.id);
  },
  in: {
    "question-posted": ({ questions }, { question }) => void foldQuestionPosted(questions, question),
    "question-disowned": ({ questions }, { id, key }) => foldDisowned(questions, id, key),
    add({ ended }, { item }) {
      if (item.over !== undefined && item.answers !== undefined) putLatest(ended, item.answers, true, MAX_ENDED);
    },
  },
};
