// Trust: a person accepts that a member speaks with another key than before.
import { fail, ok } from "@agora/protocol";
import { defineFeature } from "../kernel/feature.ts";

export const trust = defineFeature({
  name: "trust",
  start: ({ members, pins, notices, tell }) => ({
    part: undefined,
    requests: {
      async trust({ name: word }) {
        const name = word.replace(/^@/, "").toLowerCase();
        const key = members.get(name)?.key;
        if (key === undefined)
          return fail("unknown-recipient", `@${name} is not here now: trust a new key while its owner is in the room.`);
        if (key === pins.get(name)?.key) return ok({ name, key, changed: false });
        const saved = await pins.repin(name, key);
        if (!saved.ok) return fail("disk", saved.message);
        notices.forget(`key:${name}`);
        tell.change();
        return ok({ name, key, changed: true });
      },
    },
  }),
});
