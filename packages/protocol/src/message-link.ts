// A link to one message, which works for whoever is in its room: agora://ROOM/message/ID.
import { isId } from "./ids.ts";

const LINK = /^agora:\/\/([^/\s]{1,200})\/message\/([0-9a-z]{8,40})\/?$/i;

/** The link to a message. */
export function messageLink(room: string, id: string): string {
  return `agora://${encodeURIComponent(room)}/message/${id}`;
}

/** The room and the message that a link names; undefined when it is none. */
export function readMessageLink(link: string): { readonly room: string; readonly id: string } | undefined {
  const [, room, id = ""] = LINK.exec(link) ?? [];
  if (room === undefined || !isId(id.toLowerCase())) return undefined;
  try {
    return { room: decodeURIComponent(room), id: id.toLowerCase() };
  } catch {
    return undefined;
  }
}
