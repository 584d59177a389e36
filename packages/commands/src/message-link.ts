// A link to one message, which works for whoever is in its room: agora://ROOM/message/ID.
import { fail, isId, ok, type Result } from "@agora/protocol";

const LINK = /^agora:\/\/([^/]{1,200})\/message\/([0-9a-z]{4,40})\/?$/i;
const ID_START = /^#?[0-9a-z]{1,40}$/i;

/** The link to a message. */
export function linkTo(room: string, id: string): string {
  return `agora://${encodeURIComponent(room)}/message/${id}`;
}

/** Reads a link, or an id as it is typed. */
export function readMessageLink(word: string): Result<{ readonly id: string; readonly room?: string }, "usage"> {
  const [, room, id] = LINK.exec(word) ?? [];
  if (room !== undefined && id !== undefined && isId(id.toLowerCase())) {
    try {
      return ok({ id: id.toLowerCase(), room: decodeURIComponent(room) });
    } catch {
      // Not a link of ours.
    }
  }
  return ID_START.test(word)
    ? ok({ id: word.replace(/^#/, "").toLowerCase() })
    : fail("usage", "That is no message: give its id, or a link such as agora://lobby/message/7h2kq0v9.");
}
