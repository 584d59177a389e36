// What is said of a question that leaves the list because somebody else ended it.
import { expect, test } from "vitest";
import { XSS_CORPUS } from "../../../test/console/xss-corpus.ts";
import { endWords } from "./end-words.ts";

const answer = (by: string) => ({ by, at: 1, picked: [], words: "yes" });

test("who answered first, who took it back, whose time is over; nothing of what the person ended itself", () => {
  expect(endWords({ from: "bob", state: "answered", answer: answer("carol") }, "alice")).toBe(
    "carol answered bob first.",
  );
  expect(endWords({ from: "bob", state: "withdrawn" }, "alice")).toBe("bob took the question back.");
  expect(endWords({ from: "bob", state: "expired" }, "alice")).toBe("The time of bob’s question is over.");
  expect(endWords({ from: "bob", state: "answered", answer: answer("alice") }, "alice")).toBeUndefined();
  expect(endWords({ from: "bob", state: "sent" }, "alice")).toBeUndefined();
  expect(endWords(undefined, "alice")).toBeUndefined();
});

test("hostile names stay in one line", () => {
  for (const text of XSS_CORPUS)
    expect(endWords({ from: text, state: "answered", answer: answer(text) }, "alice")).not.toMatch(
      /[\n\r\u202e\u200b]/u,
    );
});
