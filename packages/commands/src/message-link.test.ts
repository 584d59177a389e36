// Links to messages: what is made is read, and what is none is refused with a sentence.
import { expect, test } from "vitest";
import { linkTo, readMessageLink } from "./message-link.ts";

const ID = "7h2kq0v9wb3m5n8p1r4t";

test.each(["lobby", "two words", "é/#?"])("a link to the room %j is read again", (room) => {
  expect(readMessageLink(linkTo(room, ID))).toEqual({ ok: true, value: { id: ID, room } });
});

test("an id is one, with or without #", () => {
  expect(readMessageLink(ID)).toEqual({ ok: true, value: { id: ID } });
  expect(readMessageLink("#7H2K")).toEqual({ ok: true, value: { id: "7h2k" } });
});

test.each([
  "",
  "agora://",
  "agora://lobby/message/",
  "agora://%/message/7h2kq0v9",
  "https://x/message/7h2kq0v9",
  "a b",
  "../x",
])("%j is none", (word) => expect(readMessageLink(word)).toMatchObject({ ok: false, code: "usage" }));
