import * as fc from "fast-check";
import { expect, test } from "vitest";
import { advances, DELIVERY_STATES, type DeliveryState, isFinal } from "./receipt.ts";

const state = fc.constantFrom(...DELIVERY_STATES);

function fold(states: readonly DeliveryState[]): DeliveryState {
  return states.reduce<DeliveryState>((now, next) => (advances(now, next) ? next : now), "queued");
}

test("the states are those of the protocol in that order [RECEIPT-1]", () => {
  expect(DELIVERY_STATES.join(" ")).toBe("queued relayed stored held handed seen expired rejected answered");
});

test("receipts in any order, and twice, come to the same state [RECEIPT-2]", () => {
  const shuffled = fc
    .array(state, { maxLength: 12 })
    .chain((states) =>
      fc.tuple(fc.constant(states), fc.shuffledSubarray([...states, ...states], { minLength: 2 * states.length })),
    );
  fc.assert(
    fc.property(shuffled, ([states, again]) => {
      expect(fold(again)).toBe(fold(states));
    }),
  );
});

test("a state never goes back [RECEIPT-2]", () => {
  fc.assert(
    fc.property(state, state, (a, b) => {
      expect(advances(a, b) && advances(b, a)).toBe(false);
      expect(advances(a, a)).toBe(false);
    }),
  );
});

test("after an end comes only another end [RECEIPT-2]", () => {
  expect(DELIVERY_STATES.filter(isFinal)).toEqual(["expired", "rejected", "answered"]);
  fc.assert(
    fc.property(state, state, (a, b) => {
      expect(!isFinal(a) || !advances(a, b) || isFinal(b)).toBe(true);
    }),
  );
});
