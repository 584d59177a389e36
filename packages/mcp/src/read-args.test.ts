// Arguments as models write them: taken when they can only mean one thing, named when they mean nothing.
import { expect, test } from "vitest";
import { readArgs } from "./read-args.ts";
import type { ToolName } from "./tools.ts";

const TAKEN: readonly [string, ToolName, object, object][] = [
  ["a name alone", "say", { to: "ben", text: "a" }, { to: ["ben"], text: "a" }],
  ["a list as its JSON", "say", { to: '["ben"]', text: "a" }, { to: ["ben"], text: "a" }],
  ["names in a row", "say", { to: "@ben, @cat", text: "a" }, { to: ["ben", "cat"], text: "a" }],
  ["null", "say", { to: null, text: "a" }, { text: "a" }],
  ["nothing in a text", "say", { to: "", thread: "", file: "", text: "a" }, { text: "a" }],
  ["nothing in a list", "say", { to: [null, ""], text: "a" }, { to: [], text: "a" }],
  ["a capital letter", "say", { to: ["Ben/claude"], text: "a" }, { to: ["ben/claude"], text: "a" }],
  ["a number as a text", "history", { limit: "20" }, { limit: 20 }],
  ["a switch as a text", "ask", { text: "a", many: "true" }, { text: "a", many: true }],
  ["a choice alone", "ask", { text: "a", choices: "yes, at once" }, { text: "a", choices: ["yes, at once"] }],
  ["no arguments", "who", undefined as unknown as object, {}],
];
for (const [why, name, args, is] of TAKEN)
  test(`taken: ${why}`, () => {
    expect(readArgs(name, args)).toEqual({ ok: true, value: is });
  });

const REFUSED: readonly [string, ToolName, unknown, RegExp][] = [
  ["a misspelt argument", "say", { too: ["ben"], text: "a" }, /"too" \(is to meant\?\); nothing was done/],
  ["another's word for it", "say", { recipient: "ben", text: "a" }, /"recipient".* It takes text, to,/],
  ["a text that must be there", "say", { to: "ben" }, /text/],
  ["an object as a name", "say", { to: { name: "ben" }, text: "a" }, /to/],
  ["a number out of range", "history", { limit: "100000" }, /limit/],
  ["a word as a number", "history", { limit: "many" }, /limit/],
  ["no object", "say", ["a"], /object of arguments/],
];
for (const [why, name, args, message] of REFUSED)
  test(`refused: ${why}`, () => {
    expect(readArgs(name, args)).toMatchObject({ ok: false, message: expect.stringMatching(message) as unknown });
  });
