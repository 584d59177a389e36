// Questions to people, and their answers.
import { ok } from "@agora/protocol";
import { inbox } from "../inbox/feature.ts";
import { defineFeature } from "../kernel/feature.ts";
import { seats } from "../seats/feature.ts";
import { ask } from "./ask.ts";
import { createQuestions, type QuestionKeeper } from "./keeper.ts";
import { withQuestion } from "./line.ts";
import { reopen } from "./reopen.ts";
import { answer, questions as questionsOf, unanswered, withdraw } from "./requests.ts";
import { questionsSlice } from "./slice.ts";

export const questions = defineFeature<QuestionKeeper>({
  name: "questions",
  slice: questionsSlice,
  start(kernel, use) {
    const { store, roomTime, me, outbox } = kernel;
    const sessions = use(seats);
    const items = use(inbox);
    const part = createQuestions({
      ...kernel,
      inbox: items,
      rootOf: (name, key) => kernel.hooks.rootOf(name, key),
      seats: () => sessions.alive(),
      neverSent: (id) => outbox.giveUpIfOver(id),
    });
    const context = { ...kernel, inbox: items, questions: part };
    return {
      part,
      requests: {
        ask: (args, session) => ask(context, args, sessions.of(session), (fn) => session.onClose(fn)),
        answer: (args) => answer(context, args),
        questions: (args) => Promise.resolve(ok(questionsOf(context, args))),
        withdraw: (args, session) => withdraw(context, args, sessions.of(session)),
      },
      hooks: {
        addressed: (item, event) => part.take(item, event),
        settled: ({ event }) => part.kept(event),
        disowned(event) {
          reopen(kernel, part, items, event);
          kernel.tell.change();
        },
        line: (line) => withQuestion(line, store, roomTime.now(), me),
        tick: () => part.tick(),
        waits: () => unanswered(part.list(), kernel.clock.now(), me),
      },
    };
  },
});
