import * as fc from "fast-check";
import { expect, test } from "vitest";
import { checkMemberName, isMemberName, RESERVED_NAMES, suggestMemberName } from "./names.ts";

test("a suggestion is always a name, and a name is suggested as it is [NAME-1] [NAME-2]", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 80 }), (wish) => {
      const name = suggestMemberName(wish);
      expect(name === undefined || isMemberName(name)).toBe(true);
    }),
  );
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z0-9]([a-z0-9_-]{0,30}[a-z0-9_])?$/).filter(isMemberName), (name) => {
      expect(suggestMemberName(name)).toBe(name);
    }),
  );
});

test("what can't be a name is refused with a proposal that would do [NAME-1]", () => {
  expect(checkMemberName("My App")).toMatchObject({
    ok: false,
    code: "invalid-name",
    message: /For example: my-app\.$/,
  });
  expect(checkMemberName("💥")).toMatchObject({ ok: false, message: /letter or digit\.$/ });
  expect(checkMemberName("my-app")).toEqual({ ok: true, value: "my-app" });
});

test("a reserved word is refused as such, and something near it is proposed [NAME-2]", () => {
  for (const word of RESERVED_NAMES) {
    expect(isMemberName(word)).toBe(false);
    expect(checkMemberName(word)).toMatchObject({ ok: false, message: /reserved word/ });
    expect(suggestMemberName(word)).toBe(`${word}-1`);
  }
});

// Work that grew with the square of the length would outlast the test's own deadline.
test("a directory's name of any length is looked at in a moment", () => {
  for (const wish of ["-".repeat(1e6), "_-".repeat(5e5), "é".repeat(1e6), `${"a-".repeat(5e5)}!`])
    expect(isMemberName(suggestMemberName(wish) ?? "a")).toBe(true);
});
