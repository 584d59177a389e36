// The order of what waits, and what is listed of very much.
import * as fc from "fast-check";
import { ATTENTION_KINDS, type AttentionItem } from "../../../ipc/src/requests/attention.ts";
import { expect, test } from "vitest";
import { inOrder, listed, MAX_LISTED, MAX_OF_ONE } from "./order.ts";

const item = fc.record(
  {
    id: fc.uuid(),
    kind: fc.constantFrom(...ATTENTION_KINDS),
    from: fc.constantFrom("alice", "bob", "carol", "mallory"),
    role: fc.constantFrom("user" as const, "agent" as const),
    text: fc.constant(""),
    since: fc.nat(1_000),
    deadline: fc.nat(1_000),
    urgent: fc.constant(true as const),
  },
  { requiredKeys: ["id", "kind", "from", "text", "since"] },
);

test("it is one order: the same whatever order things came in, urgent first, deadlines before what has none", () => {
  fc.assert(
    fc.property(fc.uniqueArray(item, { selector: ({ id }) => id, maxLength: 60 }), (items) => {
      const order = inOrder(items);
      expect(inOrder(items.toReversed())).toEqual(order);
      expect(order.toSorted((a, b) => Number(b.urgent === true) - Number(a.urgent === true))).toEqual(order);
      const calm = order.filter(({ urgent }) => urgent !== true);
      expect(calm.findLastIndex(({ deadline }) => deadline !== undefined)).toBeLessThan(
        calm.findIndex(({ deadline }) => deadline === undefined) === -1
          ? calm.length
          : Math.max(
              1,
              calm.findIndex(({ deadline }) => deadline === undefined),
            ),
      );
    }),
  );
});

test("what one author sends in masses doesn't push out the others'", () => {
  const make = (from: string, n: number, urgent: boolean): AttentionItem => ({
    id: `${from}-${n}`,
    kind: "question",
    from,
    text: "",
    since: n,
    ...(urgent ? { urgent } : {}),
  });
  const flood = Array.from({ length: 900 }, (_, n) => make("mallory", n, true));
  const friends = Array.from({ length: MAX_OF_ONE }, (_, n) => make("alice", n, false));
  const shown = listed(inOrder([...flood, ...friends]));
  expect(shown).toHaveLength(MAX_LISTED);
  expect(shown.filter(({ from }) => from === "alice")).toHaveLength(MAX_OF_ONE);
  expect(listed(friends)).toEqual(friends);
});
