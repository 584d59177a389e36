// Ping: asks a member's daemon for a sign of life. The smallest feature there is: a request, and the event it sends.
import { defineFeature } from "../kernel/feature.ts";
import { ping as pingMember } from "./requests.ts";

export const ping = defineFeature({
  name: "ping",
  start: (kernel) => ({
    part: undefined,
    requests: { ping: (args) => pingMember(kernel, args) },
  }),
});
