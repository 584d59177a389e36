// Places in the address: read back as they were written, and anything else is the room.
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { hrefOf, readRoute, VIEWS } from "./route.ts";

test("what is written is read", () => {
  const id = fc.stringMatching(/^[0-9a-z]{1,20}$/);
  const extras = fc.record({ thread: id, message: id }, { requiredKeys: [] });
  fc.assert(
    fc.property(fc.constantFrom(...VIEWS), extras, (view, more) => {
      expect(readRoute(hrefOf({ view, ...more }))).toEqual({ view, ...more });
    }),
  );
  fc.assert(
    fc.property(fc.string({ minLength: 1, unit: "grapheme" }), (name) => {
      expect(readRoute(hrefOf({ view: "search", name }))).toEqual({ view: "search", name });
    }),
  );
});

test.each(["", "#", "#/", "#javascript:x", "#/nowhere", "#/room/thread=<x>", "#/__proto__", "#/room/message="])(
  "%s is the room",
  (hash) => {
    expect(readRoute(hash)).toEqual({ view: "room" });
  },
);

test("an address that can't be decoded is not an exception", () => {
  expect(readRoute("#/with/%E0%A4%A")).toEqual({ view: "with", name: "" });
});
