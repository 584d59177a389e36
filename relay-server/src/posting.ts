// One posted event on its way into the log, and what its author is told.
import type { Head } from "@agora/protocol";
import { awaitAgain, brakeOf, busyFor } from "./brakes.ts";
import type { RelayContext } from "./context.ts";
import { textFrame } from "./frame.ts";
import type { Member } from "./member.ts";
import type { RoomEvent } from "./ports/event-log.ts";
import type { Placing } from "./post-line.ts";

/** What the relay needs to know about a posted event; author and key are the member's. */
export type Posted = Pick<Head, "id" | "role" | "kind" | "to" | "channel">;

/** A posted event that may be stamped. */
export class Posting implements Placing {
  readonly event: RoomEvent;
  /** For a control, since it changes the room for what follows. */
  readonly isAlone: boolean;
  readonly #relay: RelayContext;
  readonly #by: Member;
  readonly #placed: ((stamp: string) => void) | undefined;

  /** `text` is the signed event as JSON; `placed` is called when it is stamped, before anything after it. */
  constructor(relay: RelayContext, by: Member, posted: Posted, text: string, placed?: (stamp: string) => void) {
    const { id, to, channel } = posted;
    this.event = { id, author: by.name, key: by.key, root: by.shown.root, to, channel, text };
    this.isAlone = posted.kind === "control";
    this.#relay = relay;
    this.#by = by;
    this.#placed = placed;
  }

  placed(stamp: string): void {
    this.#placed?.(stamp);
  }

  /** Tells an author the stamp of its event, and which addressed members aren't here. [POST-3] */
  stamped(stamp: string): void {
    const { room, connection } = this.#by;
    const { id, to, channel } = this.event;
    const missed = to.length === 0 ? [] : room.missed(to, channel);
    const more = missed.length === 0 ? "" : `,"missed":${JSON.stringify(missed)}`;
    this.#relay.counts.framesOut.add("stamped");
    connection.writer.send(
      textFrame(`{"type":"stamped","room":"${room.name}","id":"${id}","stamp":"${stamp}"${more}}`),
    );
  }

  /** It stays with its author, whose later events have to wait. [BUSY-1] [BUSY-2] */
  failed(why: string): void {
    const { connection, room, name } = this.#by;
    const { id } = this.event;
    this.#relay.log.warn("log failed", { room: room.name, name, why });
    if (!this.isAlone) awaitAgain(this.#relay, this.#by, id);
    const { code, sentence, retryAfterMs } = busyFor(room.line.retryMs);
    connection.refuse(code, sentence, { room: room.name, id, retryAfterMs });
  }

  /** An operator may have decided something while it waited. [CONTROL-5] */
  isHindered(): boolean {
    const { connection, room } = this.#by;
    if (connection.member(room.name) !== this.#by) return true; // its author has left, and will post it again
    const brake = this.isAlone ? undefined : brakeOf(this.#by);
    if (brake === undefined) return false;
    connection.refuse(brake.code, brake.sentence, { room: room.name, id: this.event.id });
    return true;
  }
}
