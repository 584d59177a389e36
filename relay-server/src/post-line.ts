// The queue of a room's posts in front of the log: one append at a time, and posts that arrive meanwhile go together in the
// next. So each author's events stay in order however slow the log is; if it answers immediately, nobody waits.
import type { Cancel, Clock } from "@agora/ports";
import { compareStamps, FIRST_STAMP } from "@agora/protocol";
import { ANSWER_MS, type Outcome, whenAnswered } from "./ports/answer.ts";
import type { EventLog, RoomEvent, StampedEvent } from "./ports/event-log.ts";

/** How much may be queued in one room; limited, since authors may send while the log is slow. */
const MAX_WAITING_BYTES = 8 * 1024 * 1024;
const MAX_WAITING = 2_000;
/** How much goes into one append. */
const BATCH_EVENTS = 256;
const BATCH_BYTES = 1024 * 1024;
/** How long an author should wait when the log fails, milliseconds: twice as long after each failure. */
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 8_000;

/** An event on its way into the log. */
export interface Placing {
  readonly event: RoomEvent;
  /** What comes after it depends on its effect, so it goes alone. */
  readonly isAlone: boolean;
  /** It is stamped; what is queued behind it is appended after this. */
  placed(stamp: string): void;
  /** Its author may be told: everything with lower stamps has been passed on here. [STAMP-7] */
  stamped(stamp: string): void;
  /** The log didn't accept it, or didn't say so. */
  failed(why: string): void;
  /** Whether it may no longer be posted, after having to wait; its author has then been told. */
  isHindered(): boolean;
}

/** The queue of one room. */
export class PostLine {
  readonly #room: string;
  readonly #log: EventLog;
  readonly #clock: Clock;
  readonly #stalled: () => void;
  #flying: readonly Placing[] | undefined;
  /** How many of those in flight have already been heard from the log, and reported to their authors. */
  #heard = 0;
  #waiting: Placing[] = [];
  #waitingBytes = 0;
  /** Stamped, but not everything before them has been passed on here; in the order of their stamps. */
  #behind: { readonly placing: Placing; readonly stamp: string }[] = [];
  #watch: Cancel | undefined;
  #passed = FIRST_STAMP;
  #retryMs = FIRST_RETRY_MS;
  #isPumping = false;

  /** `stalled` is called when the log gives a stamp but never the event. */
  constructor(room: string, log: EventLog, clock: Clock, stalled: () => void) {
    this.#room = room;
    this.#log = log;
    this.#clock = clock;
    this.#stalled = stalled;
  }

  /** The log is followed from this stamp on: anything lower isn't passed on here. */
  begin(from: string): void {
    if (compareStamps(from, this.#passed) > 0) this.#passed = from;
  }

  /** The highest stamp passed on here. */
  get passed(): string {
    return this.#passed;
  }

  /** How long an author should wait before trying again, milliseconds. */
  get retryMs(): number {
    return this.#retryMs;
  }

  /** Gives an event to the log, now or in its turn. */
  place(placing: Placing): void {
    if (this.#flying === undefined && this.#waiting.length === 0) return this.#send([placing]);
    const { length } = placing.event.text;
    if (this.#waiting.length >= MAX_WAITING || this.#waitingBytes + length > MAX_WAITING_BYTES)
      return placing.failed("too much waits for the log");
    this.#waiting.push(placing);
    this.#waitingBytes += length;
  }

  /** Tells an author its event's stamp, at once or when everything before it has been passed on. [STAMP-7] */
  tell(placing: Placing, stamp: string): void {
    if (compareStamps(stamp, this.#passed) <= 0) return placing.stamped(stamp);
    const at = this.#behind.findLastIndex((other) => compareStamps(other.stamp, stamp) <= 0);
    this.#behind.splice(at + 1, 0, { placing, stamp });
    this.#watch ??= this.#clock.after(ANSWER_MS, this.#stalled);
  }

  /** Takes an event from the log before it is passed on: tells its author, and any authors who waited for it. */
  hear({ stamp, event }: StampedEvent): void {
    this.#passed = stamp;
    const own = this.#flying?.[this.#heard];
    // The author first: it enters the turn's writes before its readers, and sends on while they are written to.
    if (own !== undefined && own.event.id === event.id && own.event.key === event.key) {
      this.#heard += 1;
      own.stamped(stamp);
    }
    if (this.#behind.length > 0) this.#tellBehind();
  }

  /** Stops telling: the room is closed. */
  close(): void {
    this.#watch?.();
    this.#watch = undefined;
    this.#behind = [];
    this.#waiting = [];
    this.#waitingBytes = 0;
  }

  #send(batch: readonly Placing[]): void {
    this.#flying = batch;
    this.#heard = 0;
    const first = batch[0]!;
    const events = batch.length === 1 ? [first.event] : batch.map(({ event }) => event);
    const answer = this.#log.append(this.#room, events);
    // The usual way, with nothing between: each event of a relay that stands alone goes it.
    if (!(answer instanceof Promise)) return this.#land(batch, answer);
    whenAnswered(answer, this.#clock, (outcome) => this.#land(batch, outcome));
  }

  #land(batch: readonly Placing[], outcome: Outcome<readonly string[]>): void {
    const heard = this.#heard;
    this.#flying = undefined;
    if (!outcome.ok) {
      this.#fail(batch.slice(heard), outcome.message);
      return;
    }
    this.#retryMs = FIRST_RETRY_MS;
    for (let i = 0; i < batch.length; i += 1) {
      const placing = batch[i]!;
      const stamp = outcome.value[i]!;
      placing.placed(stamp);
      if (i >= heard) this.tell(placing, stamp);
    }
    if (this.#waiting.length > 0) this.#pump();
  }

  // Everything behind it fails as well: a later event must not be stamped before an earlier one that is sent again.
  #fail(batch: readonly Placing[], why: string): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    for (const placing of [...batch, ...waiting]) placing.failed(why);
    this.#retryMs = Math.min(2 * this.#retryMs, LONGEST_RETRY_MS);
  }

  #pump(): void {
    if (this.#isPumping) return;
    this.#isPumping = true;
    while (this.#flying === undefined && this.#waiting.length > 0) {
      const batch = this.#nextBatch();
      if (batch.length > 0) this.#send(batch);
    }
    this.#isPumping = false;
  }

  #nextBatch(): readonly Placing[] {
    const batch: Placing[] = [];
    let bytes = 0;
    let taken = 0;
    for (const placing of this.#waiting) {
      if (batch.length >= BATCH_EVENTS || bytes >= BATCH_BYTES || (placing.isAlone && batch.length > 0)) break;
      taken += 1;
      this.#waitingBytes -= placing.event.text.length;
      if (placing.isHindered()) continue;
      batch.push(placing);
      bytes += placing.event.text.length;
      if (placing.isAlone) break;
    }
    this.#waiting.splice(0, taken);
    return batch;
  }

  #tellBehind(): void {
    while (this.#behind.length > 0 && compareStamps(this.#behind[0]!.stamp, this.#passed) <= 0) {
      const { placing, stamp } = this.#behind.shift()!;
      placing.stamped(stamp);
    }
    this.#watch?.();
    this.#watch = this.#behind.length === 0 ? undefined : this.#clock.after(ANSWER_MS, this.#stalled);
  }
}
