// What an event that was kept sets going in this room: its line for whoever watches, talk for the seats, a file, an inbox item,
// an operator's word carried out. Whether an event may be kept at all is decided in receive.ts and outbox.ts.
import type { Pins } from "@agora/home";
import {
  type Control,
  type EventFrame,
  isUnderstood,
  type OpenEvent,
  openGrant,
  stampParts,
  type Verifier,
} from "@agora/protocol";
import type { Item } from "../inbox/fold.ts";
import { deadlineOf } from "./deadline.ts";
import { budgetOf, type HistoryRecord, offerOf } from "./record.ts";
import type { Clock, Log } from "@agora/ports";
import type { InboxDispatcher } from "../inbox/dispatcher.ts";
import type { ChainKeeper } from "../chains/keeper.ts";
import type { Channels } from "../channels/keeper.ts";
import type { Controls } from "../controls/keeper.ts";
import type { RoomFiles } from "../files/keeper.ts";
import type { Members } from "./members.ts";
import { withQuestion } from "../questions/line.ts";
import type { QuestionKeeper } from "../questions/keeper.ts";
import type { RoomListeners } from "./room-listeners.ts";
import type { RoomTime } from "./room-time.ts";
import type { Seats } from "../seats/keeper.ts";
import { isNew, isTalk } from "./state.ts";
import type { Store } from "./store.ts";
import { type RecentMessages, toLine } from "../messages/recent.ts";

export interface Effects {
  /** An event, anybody's, is in the history. */
  readonly kept: (event: OpenEvent, record: HistoryRecord, position: number) => void;
  /** An own control holds here; before the relay has taken it too. */
  readonly obey: (event: OpenEvent, control: Control, stamp?: string) => void;
  /** Another's control was adopted. */
  readonly decided: (event: OpenEvent, control: Control, position: number, frame: Heard) => void;
  /** What is no news for the inbox: a grant, the question for a chain's budget. */
  readonly service: (event: OpenEvent, position: number) => void;
  /** What is addressed to this member: a question's business has its own ways. */
  readonly addressed: (item: Omit<Item, "state">, event: OpenEvent) => void;
}

/** How an event was heard. */
type Heard = Pick<EventFrame, "stamp" | "late" | "by">;

/** The parts of the room that consequences reach; asked for when needed, as they are made one after the other. */
interface Parts {
  readonly attention: InboxDispatcher;
  readonly chains: ChainKeeper;
  readonly channels: Channels;
  readonly controls: Controls;
  readonly files: RoomFiles;
  readonly members: Members;
  readonly questions: QuestionKeeper;
  readonly seats: Seats;
  readonly talk: RecentMessages;
}

export interface EffectsOptions {
  readonly me: string;
  readonly myKey: string;
  readonly store: Store;
  readonly pins: Pick<Pins, "pin">;
  readonly verifier: Verifier;
  readonly clock: Clock;
  readonly roomTime: Pick<RoomTime, "now">;
  readonly log: Log;
  /** The public half of the room's root key, or its relay's where it has none. */
  readonly root: () => string | undefined;
  readonly operatorGrant: () => string | undefined;
  readonly parts: () => Parts;
  readonly tell: RoomListeners["tell"];
  /** What presence tells has changed. */
  readonly factsSoon: () => void;
}

/** An interruption that comes later than this meets another turn than the one it was meant for. */
const AT_ONCE_MS = 60_000;
/** Own controls remembered as carried out: one is obeyed when it is said and comes back with its stamp soon. */
const MAX_OBEYED = 1_000;
/** Kinds that nobody is shown. */
const SILENT: ReadonlySet<string> = new Set(["void", "ping"]);

/** Makes the consequences. */
export function createEffects(options: EffectsOptions): Effects {
  const { me, myKey, store, pins, clock, log, parts, tell } = options;
  const obeyed = new Set<string>();

  /** What an operator's word is to do at once, here. */
  const carryOut = ({ head }: OpenEvent, { act, member, key, seat }: Control): void => {
    const isMe = key === undefined ? member === me : key === myKey;
    if (act !== "interrupt" || !isMe) return;
    const ended = parts().seats.interrupt(
      seat,
      `an operator (@${head.author}) interrupted this session: its automatic turns ended`,
    );
    parts().attention.interrupt(ended, "an operator interrupted the session");
    options.factsSoon();
  };

  const obey = (event: OpenEvent, control: Control, stamp?: string): void => {
    parts().controls.take(event, control, stamp);
    if (obeyed.has(event.head.id)) return;
    obeyed.add(event.head.id);
    if (obeyed.size > MAX_OBEYED) obeyed.delete(obeyed.values().next().value!);
    carryOut(event, control);
  };

  /** What was to happen at once, and is heard of long after, is over: by the relay's stamp and clock. [CONTROL-13] */
  const isAtOnce = ({ head }: OpenEvent, { stamp, late, by }: Heard): boolean => {
    if (late !== true && by === undefined) return true;
    // What another hands on could have any place.
    const isPlaced = by === undefined || by === head.author;
    return isPlaced && options.roomTime.now() - stampParts(stamp)[0] < AT_ONCE_MS;
  };

  const addressed = (item: Omit<Item, "state">, event: OpenEvent): void => {
    if (parts().questions.take(item, event)) return;
    // No model can do anything with what nobody here can read.
    if (isUnderstood(event.head)) parts().attention.add(item, event);
    else parts().attention.addForPerson(item, "this version can't show it"); // [EVENT-11]
  };

  /** An own event: a control holds here as everywhere, and one of our sessions may have addressed another of ours. */
  const ownWord = (event: OpenEvent, record: HistoryRecord): void => {
    const control = event.head.kind === "control" ? parts().controls.judge(event) : undefined;
    if (control !== undefined) obey(event, control, record.stamp);
  };

  const toOwnSeats = (event: OpenEvent, position: number, stamp: string): void => {
    const { head } = event;
    const mine = head.to.find((a) => a.member === me);
    if (mine === undefined || head.kind === "void") return;
    const { seat, person } = mine;
    const expires = deadlineOf(head, stamp);
    addressed(
      {
        ...itemOf(event, clock.now(), position),
        ...(seat === undefined ? {} : { seat }),
        ...(person === undefined ? {} : { person }),
        ...(expires === undefined ? {} : { expires }),
      },
      event,
    );
  };

  return {
    kept(event, record, position) {
      const { head } = event;
      const { attention, channels, files, members, questions, seats, talk } = parts();
      const isMine = head.author === me;
      members.heard(head.author);
      if (isMine) ownWord(event, record);
      if (head.channel !== undefined) channels.kept(event, record.stamp, position, record.late !== true);
      const isPast = !isNew(store.state, record.stamp, head.channel);
      if (isTalk(head, me, record) && !isPast) {
        talk.add(record, head, store.state.ordinal);
        seats.refresh();
      }
      const offer = offerOf(event);
      if (offer !== undefined && !isMine) files.kept(event, offer, isPast);
      if (isMine) toOwnSeats(event, position, record.stamp);
      if (isMine) for (const { member, key } of head.to) if (key !== undefined && member !== me) pins.pin(member, key);
      questions.kept(event);
      const budget = record.withheld === undefined && head.role === "user" ? budgetOf(event) : undefined;
      if (budget !== undefined && budget.asks === undefined) attention.resume(budget.chain, budget.turns);
      if (SILENT.has(head.kind)) return;
      const file = offer === undefined ? undefined : files.stateOf(head.id);
      const line = toLine(event, record.at, me, record.stamp, file, record.withheld);
      tell.line(withQuestion(line, store, options.roomTime.now(), me));
    },
    obey,
    decided(event, control, position, heard) {
      if (isAtOnce(event, heard)) carryOut(event, control);
      if (control.act !== "inject" || control.key !== myKey) return;
      // What an operator says to this member is asked of it.
      const item = itemOf(event, clock.now(), position);
      parts().attention.add(control.seat === undefined ? item : { ...item, seat: control.seat }, event);
    },
    service(event, position) {
      const { head, body } = event;
      if (head.kind === "budget") return parts().chains.asked(event, position);
      const root = options.root();
      if (head.kind !== "grant" || !isUnderstood(head) || root === undefined) return;
      const before = options.operatorGrant();
      const opened = openGrant(body, root, options.verifier, options.roomTime.now());
      const isMine = opened.ok && opened.value.key === myKey && opened.value.grant === "operator";
      if (!isMine || before === body) return log.warn("grant-refused", { id: head.id });
      const { key, seq } = head;
      const { grantBy } = store.state;
      if (grantBy?.key === key && grantBy.seq > seq) return; // an older one that was handed on late
      store.in({ op: "grant", jwt: body, by: { key, seq } }); // [GRANT-8]
      tell.controls();
    },
    addressed,
  };
}

function itemOf({ head }: OpenEvent, at: number, position: number): Omit<Item, "state"> {
  const { id, thread, author: from, role, hop, chain } = head;
  return { id, thread, from, role, at, hop, chain, position };
}
