// What the person hasn't read, place by place: counted from the newest line back to what was read.
import type { Results } from "@agora/ipc/messages";
import { compareStamps, FIRST_STAMP, kindOf } from "@agora/protocol";
import { type HistoryRecord, isRestamp } from "../kernel/record.ts";
import type { Context } from "./context.ts";

/** Lines looked at; of a person who was away for longer, the answer says that there are more. */
const MAX_LINES = 5_000;

type Unread = Results["unread"];
type Place = { -readonly [Key in keyof Unread["places"][number]]: Unread["places"][number][Key] };

/** `reads`: by place the stamp up to which it was read. */
export function unread(room: Context, reads: Readonly<Record<string, string>>): Unread {
  const places = new Map<string, Place>();
  const lowest = [reads["*"] ?? FIRST_STAMP, ...room.channels.names().map((name) => reads[`#${name}`] ?? FIRST_STAMP)];
  const end = lowest.reduce((a, b) => (compareStamps(a, b) < 0 ? a : b));
  let looked = 0;
  for (const { value } of room.store.history.back()) {
    if (isRestamp(value)) continue;
    if ((looked += 1) > MAX_LINES) return { places: [...places.values()], more: true };
    if (compareStamps(value.stamp, end) <= 0) break;
    const place = placeOf(value, room, reads);
    if (place === undefined) continue;
    const known = places.get(place) ?? { place, count: 0, toMe: 0, since: value.at, last: value.stamp };
    known.count += 1;
    if (isTo(value, room.me)) known.toMe += 1;
    known.since = value.at;
    if (compareStamps(value.stamp, known.last) > 0) known.last = value.stamp;
    places.set(place, known);
  }
  return { places: [...places.values()] };
}

/** Where a line is unread; undefined if it was read, or is nothing to read. */
function placeOf(line: HistoryRecord, room: Context, reads: Readonly<Record<string, string>>): string | undefined {
  const { author, channel, stamp, kind } = line;
  const { talk, inbox } = kindOf(kind);
  if (author === room.me || line.withheld !== undefined || (talk ?? inbox) !== true) return undefined;
  const isRead = (place: string): boolean => compareStamps(stamp, reads[place] ?? FIRST_STAMP) <= 0;
  if (channel !== undefined) return isRead(`#${channel}`) || !room.channels.isIn(channel) ? undefined : `#${channel}`;
  return isRead("*") || (isTo(line, room.me) && isRead(`@${author}`)) ? undefined : "*";
}

function isTo({ to }: HistoryRecord, me: string): boolean {
  return to.some((address) => address === `@${me}` || address.startsWith(`@${me}/`));
}
