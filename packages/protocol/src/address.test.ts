import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Address, audienceOf, formatAddress, leadingAddresses, parseAddress } from "./address.ts";
import { isMemberName, isSeatName } from "./names.ts";

const memberName = fc.stringMatching(/^[a-z0-9][a-z0-9_-]{0,31}$/).filter(isMemberName);
const seatName = fc.stringMatching(/^[a-z][a-z0-9-]{0,15}(\.[0-9]{1,4})?$/).filter(isSeatName);
const address: fc.Arbitrary<Address> = fc.oneof(
  fc.record({ member: memberName }),
  fc.record({ member: memberName, seat: seatName }),
  fc.record({ member: memberName, person: fc.constant(true as const) }),
);

describe("an address", () => {
  test("is read as it was written [ADDRESS-1]", () => {
    fc.assert(
      fc.property(address, (a) => {
        expect(parseAddress(formatAddress(a))).toEqual(a);
      }),
    );
  });

  test("is read from any text without throwing, and only as what it says [ADDRESS-1]", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const read = parseAddress(text);
        expect(read === undefined || formatAddress(read) === `@${text.replace(/^@/, "")}`).toBe(true);
      }),
    );
  });
});

describe("the leading run of addresses", () => {
  test("is found in front of any text, and nothing of the text is lost [ADDRESS-1]", () => {
    const rest = fc.string({ unit: "grapheme" }).filter((text) => !/^[\s@]/.test(text));
    const separator = fc.constantFrom(" ", ", ", ": ", "\n", "  ");
    fc.assert(
      fc.property(fc.array(fc.tuple(address, separator), { minLength: 1, maxLength: 5 }), rest, (run, text) => {
        const written = run.map(([a, after]) => formatAddress(a) + after).join("");
        const read = leadingAddresses(written + text);
        expect(read).toEqual({ addresses: run.map(([a]) => formatAddress(a).slice(1)), text });
      }),
    );
  });

  test("leaves a text without addresses as it is [ADDRESS-1]", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const read = leadingAddresses(text);
        expect(text.endsWith(read.text)).toBe(true);
        expect(read.addresses.length > 0 || read.text === text).toBe(true);
      }),
    );
  });

  test("is found in a moment in hostile text", () => {
    for (const text of [
      " ".repeat(1e5),
      "@a ".repeat(1e5),
      `@${"a".repeat(1e5)}`,
      `@a/${"b-.".repeat(1e5)}!`,
      "@".repeat(1e5),
    ]) {
      // Work that grew with the square of the length would outlast the test's own deadline.
      expect(text.endsWith(leadingAddresses(text).text)).toBe(true);
    }
  });
});

test("an audience does not depend on order, seat, person or repetition [SEQ-1]", () => {
  fc.assert(
    fc.property(fc.array(address, { minLength: 1, maxLength: 6 }), (to) => {
      const members = to.map(({ member }) => ({ member }));
      expect(audienceOf({ to })).toBe(audienceOf({ to: [...members].reverse().concat(members) }));
    }),
  );
});
