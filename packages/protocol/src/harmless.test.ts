import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { harmless, harmlessLine } from "./harmless.ts";

// Everything that may never come out as it went in, wherever it stands.
const ALWAYS_UNSAFE =
  // oxlint-disable-next-line no-misleading-character-class -- single invisible code points on purpose
  /(?![\t\n])[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Cs}\u00ad\u034f\u115f\u1160\u180e\u200b\u200c\u2060-\u2064\u2800\u3164\ufeff\uffa0\u{e0001}\u{e0100}-\u{e01ef}]/u;
// oxlint-disable-next-line no-misleading-character-class -- single invisible code points on purpose
const HIDING = /[\u200d\ufe00-\ufe0f\u{e0020}-\u{e007f}]/u;

const NASTY =
  "\u0000\u0007\u001b\u009b\u00ad\u034f\u061c\u115f\u180e\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u202a\u202e\u2060\u2066" +
  "\u2069\u2800\u3164\ufe00\ufe0e\ufe0f\ufeff\uffa0\ufff9\ud800 \udc00\r\n\t 1#*a👩👧🏽🏴🇩❤☎\u20e3\u{e0001}\u{e0067}\u{e007f}\u{e0100}";
const WHOLE = ["\r\n", "👩\u200d👧", "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}", "1\ufe0f\u20e3"];
const nasty = fc.constantFrom(...Array.from(NASTY), ...WHOLE);
const text = fc.oneof(
  fc.array(nasty, { maxLength: 30 }).map((parts) => parts.join("")),
  fc.string({ unit: "binary", maxLength: 60 }),
);

describe("harmless text", () => {
  test("has no character that acts or hides [SHOW-1]", () => {
    fc.assert(
      fc.property(text, (t) => {
        expect(harmless(t)).not.toMatch(ALWAYS_UNSAFE);
      }),
      { numRuns: 3_000 },
    );
  });

  test("keeps joiners, selectors and tags only inside an emoji, never two in a row outside a flag [SHOW-1]", () => {
    const emoji =
      /\p{Extended_Pictographic}[\u{1f3fb}-\u{1f3ff}]?[\ufe0e\ufe0f]?(\u200d\p{Extended_Pictographic}[\u{1f3fb}-\u{1f3ff}]?[\ufe0e\ufe0f]?)*/gu;
    const flag = /🏴\u{e0067}\u{e0062}[\u{e0061}-\u{e007a}]{3}\u{e007f}/gu;
    fc.assert(
      fc.property(text, (t) => {
        const rest = harmless(t)
          .replaceAll(flag, "")
          .replaceAll(/[0-9#*]\ufe0f\u20e3/g, "")
          .replaceAll(emoji, "");
        expect(rest).not.toMatch(HIDING);
      }),
      { numRuns: 3_000 },
    );
  });

  test("is not changed a second time [SHOW-1]", () => {
    fc.assert(
      fc.property(text, (t) => {
        expect(harmless(harmless(t))).toBe(harmless(t));
      }),
      { numRuns: 3_000 },
    );
  });

  test("drops nothing: whatever is shown can be read back, but for CR LF [SHOW-1]", () => {
    const unread = (shown: string): string =>
      shown.replaceAll(/⟨U\+([0-9A-F]{4,6})⟩/g, (_m, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16)));
    fc.assert(
      fc.property(
        text.filter((t) => !t.includes("⟨")),
        (t) => {
          expect(unread(harmless(t))).toBe(t.replaceAll("\r\n", "\n"));
        },
      ),
    );
  });

  test("is the text itself for what people write [SHOW-1]", () => {
    for (const t of [
      "👨‍👩‍👧‍👦",
      "🏳️‍⚧️",
      "🧑🏿‍❤️‍💋‍🧑🏻",
      "🇺🇳",
      "🏴󠁧󠁢󠁷󠁬󠁳󠁿",
      "0️⃣",
      "❤️",
      "✍🏽",
      "🐈‍⬛",
      "naïve — “quoted” …",
      "日本語、中文",
      "שלום",
      "مرحبا",
      "नमस्ते",
      "€ ½ ∑",
    ]) {
      expect(harmless(t)).toBe(t);
    }
  });

  test("is made in a moment from a long text of anything", () => {
    const units = [
      "plain text ",
      "\u200d",
      "👩\u200d",
      "👩\u200d👩\u200d",
      "\ufe0f",
      "1\ufe0f",
      "🏴\u{e0067}\u{e0062}",
      "\r",
      "é\u0301",
      "\ud83d",
    ];
    for (const unit of units) {
      // Work that grew with the square of the length would outlast the test's own deadline.
      const shown = harmless(unit.repeat(300_000 / unit.length));
      expect(harmless(shown)).toBe(shown);
    }
  });
});

test("a harmless line is one line, bounded and harmless [SHOW-1]", () => {
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 40 }), (t, max) => {
      const line = harmlessLine(t, max);
      expect(line.length).toBeLessThanOrEqual(max);
      expect(line).not.toMatch(/[\n\t]/);
      expect(harmless(line)).toBe(line);
    }),
    { numRuns: 2_000 },
  );
});
