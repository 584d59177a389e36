import * as fc from "fast-check";
import { expect, test } from "vitest";
import { harmless } from "./harmless.ts";
import { safeJson } from "./safe-json.ts";

test("nothing in it acts or hides, and a program reads what was said", () => {
  expect(safeJson({ text: "a\u202eb\u001b[2J\u200d\u2800" })).toBe(
    String.raw`{"text":"a\u202eb\u001b[2J\u200d\u2800"}`,
  );
  const text = fc.string({
    unit: fc.oneof(
      fc.string({ unit: "binary", maxLength: 1 }),
      fc.constantFrom("\u202e", "\u2066", "\u009b", "\u{e0041}", "👩‍👩‍👧", "\n"),
    ),
  });
  fc.assert(
    fc.property(fc.jsonValue(), text, fc.constantFrom(undefined, 2), (value, said, indent) => {
      const whole = { value, said, [said]: 1 };
      const json = safeJson(whole, indent);
      expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(whole)));
      expect(harmless(json)).toBe(json);
    }),
  );
});
