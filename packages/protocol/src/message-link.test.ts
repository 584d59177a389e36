// Links to messages: what is made is read again, and what is none isn't taken for one.
import { expect, test } from "vitest";
import { messageLink, readMessageLink } from "./message-link.ts";

const ID = "7h2kq0v9wb3m5n8p1r4t";

test.each(["lobby", "two words", "é/#?"])("a link to the room %j is read again", (room) => {
  expect(readMessageLink(messageLink(room, ID))).toEqual({ id: ID, room });
});

test.each([
  "",
  ID,
  "agora://",
  "agora://lobby/message/",
  "agora://lobby/message/short",
  "agora://lobby/message/7h2kq0v9/more",
  "agora://%/message/7h2kq0v9",
  "https://lobby/message/7h2kq0v9",
  "agora://a b/message/7h2kq0v9",
])("%j is none", (link) => expect(readMessageLink(link)).toBeUndefined());
