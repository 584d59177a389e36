// Trust: a person accepts that a member speaks with another key than before.
import { fail, ok } from "@agora/protocol";
import { defineFeature } from "../kernel/feature.ts";
import { keys } from "../keys/feature.ts";

export const trust = defineFeature({
  name: "trust",
  start: ({ members, pins, notices, tell }, use) => ({
    part: undefined,
    requests: {
      async trust({ name: word }) {
        const name = word.replace(/^@/, "").toLowerCase();
        const key = members.get(name)?.key;
        if (key === undefined)
          return fail("unknown-recipient", `@${name} is not here now: trust a new key while its owner is in the room.`);
        const pin = pins.get(name);
        const persons = use(keys);
        const isSameRoot = pin?.root === undefined || persons.chainOf(name, key) !== undefined;
        if (key === pin?.key && (isSameRoot || persons.ring.chain(key, name) === undefined))
          return ok({ name, key, changed: false });
        const saved = await pins.repin(name, key);
        if (!saved.ok) return fail("disk", saved.message);
        notices.forget(`key:${name}`);
        persons.trust(name, key);
        tell.change();
        return ok({ name, key, changed: true });
      },
    },
  }),
});
