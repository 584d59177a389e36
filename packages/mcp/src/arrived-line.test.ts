import { harmless } from "@agora/protocol";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { arrivedLine } from "./arrived-line.ts";
import { peerLine } from "./scripted-line.ts";

type Item = Parameters<typeof arrivedLine>[0][number];

const item = (text: string, more: Partial<Item["line"]> = {}, asked = false, again = false): Item => ({
  line: { ...peerLine("3f9kaaaaaaaaaaaaaaaa", text), role: "user", ...more },
  asked,
  again,
});

test("it says how many came, from whom and what, in one line", () => {
  expect(arrivedLine([item("can you check\nthe schema?", {}, true)], 0)).toBe(
    "agora: 1 message, @bob asks (thread 3f9kaaaa): can you check the schema?",
  );
  expect(arrivedLine([item("hello", { role: "agent" })], 2)).toMatch(/^agora: 3 messages, @bob's agent says \(/);
});

test("what is asked of the session comes before what it was told, and that before the room's talk", () => {
  const talk = item("talk", { to: [] });
  const told = item("told");
  const asked = item("asked", {}, true);
  expect(arrivedLine([asked, told, talk], 0)).toMatch(/asked$/);
  expect(arrivedLine([told, talk], 0)).toMatch(/told$/);
});

test("what the person knows is no news", () => {
  expect(arrivedLine([], 0)).toBe("");
  expect(arrivedLine([item("own", { mine: true }), item("before", {}, false, true)], 0)).toBe("");
});

test("nothing of a peer's words is markup or longer than a line", () => {
  const pieces = [
    "\u001b[31m",
    "\u202e",
    "**b**",
    "`c`",
    "<b>",
    "[x](http://x.example)",
    "\n# h\n",
    "| a |",
    "é🙂",
    "\\",
  ];
  const words = fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: "binary" })), { maxLength: 60 });
  fc.assert(
    fc.property(words, (parts) => {
      const line = arrivedLine([item(parts.join(""))], 0);
      expect(line.length).toBeLessThanOrEqual(220);
      expect(harmless(line)).toBe(line);
      expect(line).not.toMatch(/[\n<>[\]`*~|\\]/);
    }),
  );
});
