import { expect, test } from "vitest";
import { isText, isUnderstood, KINDS } from "./kinds.ts";

const head = (kind: string, media: string) => ({ kind, body: { hash: "", length: 0, media } });

test("a known kind in an unknown form is not understood [EVENT-11]", () => {
  expect(isUnderstood(head("message", "text/plain"))).toBe(true);
  expect(isUnderstood(head("message", "Text/Plain; charset=utf-8"))).toBe(true);
  expect(isUnderstood(head("message", "application/agora-sealed"))).toBe(false);
  expect(isUnderstood(head("message", "text/plain;base64"))).toBe(false);
  expect(isUnderstood(head("poll", "text/plain"))).toBe(false);
  expect(isUnderstood(head("constructor", "text/plain"))).toBe(false);
  for (const kind of KINDS)
    expect(isUnderstood(head(kind, "application/agora-sealed"))).toBe(kind === "void" || kind === "ping");
});

test("only what calls itself a text is shown as one, and nothing in base64 [EVENT-11]", () => {
  expect(isText(head("message", "text/markdown"))).toBe(true);
  expect(isText(head("message", "text/plain;base64"))).toBe(false);
  expect(isText(head("message", "application/agora-sealed"))).toBe(false);
});
