// What a gateway member is shown: its mailbox and the room's lines, by cursors into its own history. A cursor is the
// position after a line and stays valid across restarts. Showing something to an agent has consequences: it counts as
// handed, and its hop count carries over.
import { isRestamp, type Item, mayReach } from "@agora/member";
import { MAX_ANSWER_BYTES } from "../limits.ts";
import type { GatewayMember, SeatKind } from "./member.ts";
import { isForPersonAlone, type Shown, toWire, type WireItem } from "./wire-line.ts";

/** Part of a longer list. */
export interface Page<T> {
  readonly entries: readonly T[];
  /** The position after the last entry; pass it on to get the next ones. */
  readonly cursor: number;
  readonly more: boolean;
}

/** The open items after `after`, oldest first. */
export function mailbox(member: GatewayMember, kind: SeatKind, after: number, limit: number): Page<WireItem> {
  const { store } = member.live;
  const due = dueItems(member, kind).filter((item) => item.position >= after);
  const entries: WireItem[] = [];
  let size = 0;
  let cursor = after;
  for (const item of due) {
    const record = store.at(item.position);
    const line =
      record === undefined ? undefined : toWire(record, member.cursors.write(item.position + 1), member.name)?.line;
    if (line !== undefined) {
      size += line.text.length;
      if (entries.length >= limit || (entries.length > 0 && size > MAX_ANSWER_BYTES)) break;
      const held = heldBy(item);
      entries.push({
        ...line,
        ...(item.answers === undefined ? {} : { answers: item.answers }),
        ...(held === undefined ? {} : { held }),
      });
    }
    cursor = item.position + 1;
  }
  return { entries, cursor, more: due.some((item) => item.position >= cursor) };
}

/** The items that this kind of seat may be given, in order of arrival. */
export function dueItems(member: GatewayMember, kind: SeatKind): readonly Item[] {
  const person = kind === "rest" && member.person;
  return Object.values(member.live.store.state.inbox)
    .filter((item) => person || mayReach(item, kind))
    .sort((a, b) => a.position - b.position);
}

/** The brake that keeps an item from being acted on automatically. A person decides anyway. */
export function heldBy(item: Item): string | undefined {
  return item.state === "open" && item.answers === undefined ? item.reason : undefined;
}

/** Whether anything after `after` asks for attention, so that a wait ends. */
export function isAddressed(member: GatewayMember, kind: SeatKind, after: number): boolean {
  return dueItems(member, kind).some((item) => item.position >= after && heldBy(item) === undefined);
}

/** The room's lines after `after`, oldest first; reads no more than it returns. */
export function linesAfter(member: GatewayMember, kind: SeatKind, after: number, limit: number): Page<Shown> {
  const { store } = member.live;
  const person = kind === "rest" && member.person;
  const entries: Shown[] = [];
  let size = 0;
  let cursor = after;
  for (const { position, value } of store.history.from(after)) {
    if (entries.length >= limit || size > MAX_ANSWER_BYTES) return { entries, cursor, more: true };
    cursor = position + 1;
    if (isRestamp(value)) continue;
    const shown = toWire(value, member.cursors.write(cursor), member.name);
    if (shown === undefined || (!person && isForPersonAlone(shown.line.to, member.name))) continue;
    size += shown.line.text.length;
    entries.push({ ...shown, position });
  }
  return { entries, cursor: Math.max(cursor, after), more: false };
}

/** Records that these items were given to this kind of seat: their authors hear `handed`. */
export function handItems(member: GatewayMember, kind: SeatKind, ids: readonly string[]): void {
  const { room, store } = member.live;
  const seat = member.seat(kind);
  const heads: { readonly hop: number; readonly chain: string }[] = [];
  for (const id of ids) {
    const item = store.state.inbox[id];
    if (item === undefined) continue;
    heads.push(item);
    // Once only: a client polling every second must not fill the journal.
    if (item.handed === undefined) room.inbox.handed(item, seat, "tool");
  }
  carryOn(member, seat, heads);
}

/**
 * Records that these lines were given to the seat: those in the mailbox are handed, and the hop count of all carries over.
 */
export function handLines(member: GatewayMember, kind: SeatKind, shown: readonly Shown[]): void {
  const { inbox } = member.live.store.state;
  const others = shown.filter((s) => !s.line.mine);
  handItems(
    member,
    kind,
    others.map((s) => s.line.id).filter((id) => inbox[id] !== undefined),
  );
  carryOn(
    member,
    member.seat(kind),
    others.map((s) => s.head),
  );
}

/** What an agent says from now on continues the longest chain it was given. */
function carryOn(
  member: GatewayMember,
  seat: string,
  heads: readonly { readonly hop: number; readonly chain: string }[],
): void {
  const { store, room } = member.live;
  const own = store.state.seats[seat];
  const highest = heads.reduce<(typeof heads)[number] | undefined>(
    (a, b) => (a === undefined || b.hop > a.hop ? b : a),
    undefined,
  );
  if (own === undefined || highest === undefined || highest.hop <= own.hop) return;
  const { hop, chain } = highest;
  store.in({ op: "shown", at: room.clock.now(), seat, ordinal: own.handed, hop, chain });
}
