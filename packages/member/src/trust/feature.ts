// Trust: a person accepts that a member speaks with another key than before.
import type { Results } from "@agora/ipc";
import { fail, ok, type Result } from "@agora/protocol";
import { defineFeature } from "../kernel/feature.ts";
import { keys } from "../keys/feature.ts";

export const trust = defineFeature({
  name: "trust",
  start({ members, pins, notices, tell, me, myKey }, use) {
    const rootsOf = (word: string): Result<Results["compare"], "unknown-recipient"> => {
      const name = word.replace(/^@/, "").toLowerCase();
      const pin = pins.get(name);
      const ownRoot = use(keys).ring.chain(myKey, me)?.root;
      if (pin?.root === undefined || ownRoot === undefined)
        return fail(
          "unknown-recipient",
          `It is not known whose key @${name}'s is, or this member's own: there is nothing to compare.`,
        );
      return ok({ name, root: pin.root, ownRoot, verified: pin.verified === pin.root });
    };
    return {
      part: undefined,
      requests: {
        compare: ({ name }) => Promise.resolve(rootsOf(name)),
        compared({ name }) {
          const roots = rootsOf(name);
          if (!roots.ok) return Promise.resolve(roots);
          const { name: who, root } = roots.value;
          pins.belongs(who, { ...pins.get(who)!, verified: root });
          tell.change();
          return Promise.resolve(ok({ ...roots.value, verified: true as const }));
        },
        async trust({ name: word }) {
          const name = word.replace(/^@/, "").toLowerCase();
          const key = members.get(name)?.key;
          if (key === undefined)
            return fail(
              "unknown-recipient",
              `@${name} is not here now: trust a new key while its owner is in the room.`,
            );
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
    };
  },
});
