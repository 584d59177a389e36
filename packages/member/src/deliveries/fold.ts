// What this person's other devices said to members, and how far it has come: a fold over one's own records. Nothing of it is delivered
// or given up from here; the device that said it does that.
import type { DeliveryState, Role } from "@agora/protocol";
import { isNews, type OwnEvent, type Recipient } from "../kernel/delivery.ts";
import { putLatest } from "../kernel/latest.ts";

/** An event of another device, and the key that it addressed each member by, where it named one. */
export interface SentElsewhere extends OwnEvent {
  readonly keys: Readonly<Record<string, string>>;
}

/** Such events by id, the latest last; plain JSON. */
export type AllSentElsewhere = Record<string, SentElsewhere>;

export type ElsewhereRecord =
  | {
      readonly op: "sent-elsewhere";
      readonly id: string;
      readonly thread: string;
      readonly role: Role;
      readonly at: number;
      readonly stamp: string;
      readonly preview: string;
      readonly to: readonly { readonly member: string; readonly key?: string; readonly isAway?: true }[];
    }
  | {
      readonly op: "heard-elsewhere";
      readonly id: string;
      readonly member: string;
      readonly at: number;
      readonly state: DeliveryState;
      readonly reason?: string;
      readonly seat?: string;
    };

/** As many as `status` shows of one's own that are finished. */
const MAX_SENT = 500;
/** What the author's own device says of who is away. */
const AWAY = "away: kept here until they are back";

/** Folds one record, in place. */
export function foldElsewhere(all: AllSentElsewhere, record: ElsewhereRecord): void {
  if (record.op === "heard-elsewhere") return heard(all, record);
  const { id, thread, role, at, preview, stamp, to } = record;
  if (Object.hasOwn(all, id)) return;
  const recipients = to.map(({ member, isAway }): readonly [string, Recipient] => [
    member,
    isAway === true ? { state: "queued", reason: AWAY, at } : { state: "relayed", at },
  ]);
  const keys = to.flatMap(({ member, key }) => (key === undefined ? [] : [[member, key] as const]));
  const event = { id, thread, role, at, preview, stamp, state: "relayed" } as const;
  const whole = { ...event, recipients: Object.fromEntries(recipients), keys: Object.fromEntries(keys) };
  putLatest<SentElsewhere>(all, id, whole, MAX_SENT);
}

function heard(all: AllSentElsewhere, record: Extract<ElsewhereRecord, { op: "heard-elsewhere" }>): void {
  const { op: _, id, member, ...word } = record;
  const event = Object.hasOwn(all, id) ? all[id] : undefined;
  const now = event !== undefined && Object.hasOwn(event.recipients, member) ? event.recipients[member] : undefined;
  if (event === undefined || now === undefined || !isNews(now, word)) return;
  all[id] = { ...event, recipients: { ...event.recipients, [member]: word } };
}
