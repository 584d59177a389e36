// Activity: who does how much, seat by seat, for whoever has to see in seconds what goes on in a room.
import { ok } from "@agora/protocol";
import { chains } from "../chains/feature.ts";
import { defineFeature } from "../kernel/feature.ts";
import { questions } from "../questions/feature.ts";
import { activityOf } from "./requests.ts";
import { activitySlice } from "./slice.ts";

export const activity = defineFeature({
  name: "activity",
  slice: activitySlice,
  start(kernel, use) {
    const context = { ...kernel, chains: use(chains), questions: use(questions) };
    return {
      part: undefined,
      requests: { activity: () => Promise.resolve(ok(activityOf(context))) },
    };
  },
});
