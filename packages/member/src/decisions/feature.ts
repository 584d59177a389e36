// Decisions: what a person records for the room to go by.
import { ok } from "@agora/protocol";
import { defineFeature } from "../kernel/feature.ts";
import { questions } from "../questions/feature.ts";
import { decide, decisions as decisionsOf } from "./requests.ts";

export const decisions = defineFeature({
  name: "decisions",
  start(kernel, use) {
    const context = { ...kernel, questions: use(questions) };
    return {
      part: undefined,
      requests: {
        decide: (args) => decide(context, args),
        decisions: (args) => Promise.resolve(ok(decisionsOf(context, args))),
      },
    };
  },
});
