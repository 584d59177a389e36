import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EXAMPLES } from "./command-line.examples.ts";
import { parseRaw, parseWords, type Parsed } from "./command-line.ts";

type Example = (typeof EXAMPLES)[number];

/** What was read, in the form of the table: absent and undefined mean the same. */
function asRead(parsed: Parsed | undefined, { is }: Example): unknown {
  if (parsed === undefined) return "not a command";
  if (!parsed.ok && "refused" in is && parsed.message.includes(is.refused)) return is;
  return parsed.ok
    ? JSON.parse(JSON.stringify({ is: parsed.command, json: parsed.json }))
    : { refused: parsed.message };
}

/** What the table expects; a sentence is given by a part of it. */
function asExpected({ is, json }: Example): unknown {
  return "refused" in is ? is : { is, json: json === true };
}

function check(parsed: Parsed | undefined, example: Example): void {
  expect(asRead(parsed, example)).toEqual(asExpected(example));
}

describe("one table, both ways", () => {
  for (const example of EXAMPLES) {
    if (example.words)
      test(`words: ${example.why}`, () => check(parseWords(example.words![0], example.words!.slice(1)), example));
    if (example.raw) test(`raw: ${example.why}`, () => check(parseRaw(example.raw!), example));
  }
});

test("what is not one of our commands is left alone", () => {
  for (const line of [
    "",
    "hello",
    "/help",
    "/agora",
    "agora say x",
    "see /agora:say x",
    "/agora:say!x",
    "/agora-x:say x",
  ]) {
    expect(parseRaw(line)).toBeUndefined();
  }
});

test("a refusal never repeats what may be a token", () => {
  for (const line of [
    "/agora:start s3cret",
    "/agora:start --token s3cret",
    "/agora:start --token=s3cret",
    "/agora:inbox s3cret",
  ]) {
    expect(JSON.stringify(parseRaw(line))).not.toContain("s3cret");
  }
});

test("the project of a terminal", () => {
  expect(parseWords("say", ["--project", "/a b", "x"])).toMatchObject({ ok: true, project: "/a b" });
});

test("any text after -- arrives as it was written, both ways", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", minLength: 1, maxLength: 200 }), (text) => {
      const whole = `x${text}`;
      expect(parseWords("say", ["--", whole])).toMatchObject({ command: { text: whole } });
      expect(parseRaw(`/agora:say -- ${whole}`)).toMatchObject({ command: { text: whole } });
      expect(parseRaw(`/agora:say ${whole}`)).toMatchObject({ command: { text: whole } });
    }),
  );
});

test("no words make the parser throw", () => {
  fc.assert(
    fc.property(
      fc.constantFrom("say", "start", "accept", "history", "mode"),
      fc.array(fc.string({ maxLength: 12 })),
      (name, words) => {
        parseWords(name, words);
        parseRaw(`/agora:${name} ${words.join(" ")}`);
      },
    ),
  );
});
