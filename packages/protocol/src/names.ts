// What a member, a seat and a room may be called. Names are lower-case ASCII, so that no two of them look alike.
import { fail, ok, type Result } from "./result.ts";

const NAME = /^[a-z0-9][a-z0-9_-]{0,31}$/;
const SEAT = /^[a-z][a-z0-9-]{0,15}(\.[0-9]{1,4})?$/;
const ROOM = /^[a-z0-9][a-z0-9._-]{0,63}$/;
const CHANNEL = /^[a-z][a-z0-9_-]{0,31}$/;

/** Words that address everybody, the system or a role: nobody may use them as a name. [NAME-2] */
export const RESERVED_NAMES: ReadonlySet<string> = new Set([
  "admin",
  "agent",
  "agora",
  "all",
  "anyone",
  "assistant",
  "channel",
  "everyone",
  "here",
  "human",
  "me",
  "operator",
  "person",
  "relay",
  "room",
  "root",
  "seat",
  "self",
  "system",
  "user",
  "you",
]);

/** Whether `name` can name a member. [NAME-1] [NAME-2] */
export function isMemberName(name: string): boolean {
  return NAME.test(name) && !RESERVED_NAMES.has(name);
}

/** Whether `seat` can name a member's seat (`claude`, `codex`, `claude.2`); `person` is the human, not a seat. [NAME-3] */
export function isSeatName(seat: string): boolean {
  return SEAT.test(seat) && seat !== "person";
}

/** Whether `room` can name a room. [NAME-4] */
export function isRoomName(room: string): boolean {
  return ROOM.test(room);
}

/** Whether `channel`, without `#`, can name a channel; it starts with a letter, so that `#12` stays a number. [CHANNEL-1] */
export function isChannelName(channel: string): boolean {
  return CHANNEL.test(channel);
}

/** Checks a member name; the failure says what is wrong and suggests a name that would do. */
export function checkMemberName(name: string): Result<string, "invalid-name"> {
  if (isMemberName(name)) return ok(name);
  if (RESERVED_NAMES.has(name)) return fail("invalid-name", `"${name}" is a reserved word: choose another name.`);
  const proposal = suggestMemberName(name);
  const hint = proposal === undefined ? "" : ` For example: ${proposal}.`;
  return fail("invalid-name", `A name is 1 to 32 of a-z, 0-9, "-" and "_", beginning with a letter or digit.${hint}`);
}

/** A valid name close to `wish` (a directory's name, say), or undefined when nothing of it can be kept. */
export function suggestMemberName(wish: string): string | undefined {
  const name = wish
    .slice(0, 200)
    .normalize("NFKD")
    .replaceAll(/\p{M}+/gu, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]+/g, "-")
    .replaceAll(/^[-_]+|-+$/g, "")
    .slice(0, 32);
  if (isMemberName(name)) return name;
  return isMemberName(`${name}-1`) ? `${name}-1` : undefined;
}
