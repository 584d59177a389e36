import * as fc from "fast-check";
import { expect, test } from "vitest";
import { controlSchema, fileOfferSchema, readBody } from "./bodies.ts";

const offer = { name: "plan.md", size: 5, sha256: "0".repeat(64) };

test("the offer of a file has a name, a size and a sum [FILE-2]", () => {
  expect(readBody(fileOfferSchema, JSON.stringify(offer))).toEqual(offer);
  expect(readBody(fileOfferSchema, JSON.stringify({ ...offer, media: "text/plain", text: "Look.", more: 1 }))).toEqual({
    ...offer,
    media: "text/plain",
    text: "Look.",
  });
  for (const wrong of [
    { name: "" },
    { name: "x".repeat(256) },
    { size: -1 },
    { size: 1e300 },
    { sha256: "ABC" },
    { sha256: "G".repeat(64) },
  ]) {
    expect(readBody(fileOfferSchema, JSON.stringify({ ...offer, ...wrong }))).toBeUndefined();
  }
});

test("a control has one of seven acts and a grant [CONTROL-1]", () => {
  for (const act of ["pause", "resume", "stop", "reset", "kick", "ban", "unban"]) {
    expect(readBody(controlSchema, JSON.stringify({ act, grant: "a.b.c" }))).toEqual({ act, grant: "a.b.c" });
  }
  expect(readBody(controlSchema, JSON.stringify({ act: "obey", grant: "a.b.c" }))).toBeUndefined();
  expect(readBody(controlSchema, JSON.stringify({ act: "pause" }))).toBeUndefined();
});

test("any text is a body or none, without throwing [FILE-2] [CONTROL-1]", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.json()), (body) => {
      expect(readBody(fileOfferSchema, body)).toBeUndefined();
      expect(readBody(controlSchema, body)).toBeUndefined();
    }),
  );
});
