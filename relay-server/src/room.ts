// One room: who is in it, what operators have decided there, and passing events on to those who may see them.
import type { Cancel, Clock } from "@agora/ports";
import { type Address, compareStamps, fail, type FromRelay, ok, type Presence, type Rate } from "@agora/protocol";
import { Attendance } from "./attendance.ts";
import { ChannelSilence } from "./channel-silence.ts";
import { Controls } from "./controls.ts";
import type { Counts } from "./counts.ts";
import { eventText, textFrame } from "./frame.ts";
import { Lobby } from "./lobby.ts";
import { isAuthorsOther, isFor, maySee } from "./may-see.ts";
import { lineOf, type Member } from "./member.ts";
import { Persons } from "./persons.ts";
import { answered, type Outcome } from "./ports/answer.ts";
import type { Handed, Letter } from "./ports/bus.ts";
import type { StampedEvent } from "./ports/event-log.ts";
import type { RelayPorts } from "./ports/ports.ts";
import { PostLine } from "./post-line.ts";
import { PresenceBoard } from "./presence-board.ts";
import type { TokenBucket } from "./rate-limit.ts";
import { type Counted, RoomRates } from "./room-rates.ts";

/** What a room is made of. */
export interface RoomParts {
  readonly clock: Clock;
  readonly counts: Counts;
  readonly ports: RelayPorts;
  /** The room has stopped hearing events: its members must rejoin. */
  readonly lost: (room: Room) => void;
}

/** How much may be passed on while somebody is entering: beyond that they must try again. */
const MAX_ARRIVAL_EVENTS = 2_000;

/** Somebody who is about to enter, and what was passed on since. */
interface Arrival {
  readonly events: StampedEvent[];
}

/** A room that somebody is in, or recently was. */
export class Room {
  readonly name: string;
  readonly members = new Attendance();
  readonly persons = new Persons();
  readonly controls = new Controls();
  readonly silence = new ChannelSilence();
  readonly lobby = new Lobby();
  /** The queue of posts into the log. */
  readonly line: PostLine;
  /** Since when nobody is here, by the steady clock. */
  emptySince: number;
  /** Whether it hears what happens in the room. */
  readonly followed: Promise<Outcome<void>>;
  readonly #parts: RoomParts;
  readonly #board: PresenceBoard;
  readonly #rates: RoomRates;
  readonly #arrivals = new Set<Arrival>();
  /** Members who were given more of the log on entering than has been passed on here, and up to where. */
  readonly #ahead = new Map<Member, string>();
  #stops: Cancel[] = [];
  #isClosed = false;

  constructor(name: string, parts: RoomParts) {
    const { clock, ports } = parts;
    this.name = name;
    this.emptySince = clock.steady();
    this.#parts = parts;
    this.#rates = new RoomRates(clock);
    this.#board = new PresenceBoard(clock, (lines) => ports.bus.publish(name, lines));
    this.line = new PostLine(name, ports.events, clock, () => parts.lost(this));
    this.followed = this.#follow();
  }

  enter(member: Member, last: string): void {
    this.members.add(member);
    if (compareStamps(last, this.line.passed) > 0) this.#ahead.set(member, last);
    this.#board.change(lineOf(this.members.of(member.name), member, (device) => device === member));
  }

  /** Removes a member and tells the room. [LIVE-3] */
  leave(member: Member): void {
    if (!this.members.delete(member)) return;
    this.#ahead.delete(member);
    this.#board.change(lineOf(this.members.of(member.name), member));
    if (this.members.size === 0) this.emptySince = this.#parts.clock.steady();
  }

  /**
   * Collects what is passed on from now on for somebody who is about to enter; `end` returns it, or undefined if it was too
   * much.
   */
  awaitArrival(): { end(): readonly StampedEvent[] | undefined } {
    const arrival: Arrival = { events: [] };
    this.#arrivals.add(arrival);
    return { end: () => (this.#arrivals.delete(arrival) ? arrival.events : undefined) };
  }

  /** Records that a member's presence changed. */
  changed(member: Member): void {
    if (this.members.has(member)) this.#board.change(lineOf(this.members.of(member.name), member));
  }

  lines(): Presence[] {
    return [...this.members.names()].map((name) => {
      const devices = this.members.of(name);
      return lineOf(devices, devices[0]!, () => true);
    });
  }

  /** The rate bucket of a key: it outlives the connection, so that reconnecting doesn't refill it. [RATE-1] */
  bucket(
    { name, key }: Pick<Member, "name" | "key">,
    what: Counted,
    rate: { readonly agent: Rate; readonly user: Rate },
  ): TokenBucket {
    return this.#rates.bucket(key, what, rate, this.controls.rateOf(name, key), this.members.size); // [CONTROL-9]
  }

  /** The addressed members of whom no device is here (and in the channel) that the author meant. [POST-3] [DEVICE-3] */
  missed(to: readonly Address[], channel?: string): string[] {
    const names = [...new Set(to.map((a) => a.member))];
    return names.filter((name) =>
      this.members.of(name).every((device) => !isFor(to, device) || !maySee({ to, channel }, device)),
    );
  }

  /** The room is being forgotten: it stops hearing and telling. */
  close(): void {
    this.#isClosed = true;
    for (const stop of this.#stops.splice(0)) stop();
    this.#board.clear();
    this.line.close();
  }

  async #follow(): Promise<Outcome<void>> {
    const { ports, clock } = this.#parts;
    const lost = (): void => this.#parts.lost(this);
    const stopLate = (outcome: Outcome<{ readonly stop: Cancel } | Cancel>): void => {
      if (outcome.ok) this.#untilClosed(typeof outcome.value === "function" ? outcome.value : outcome.value.stop, true);
    };
    const heard = (event: StampedEvent): void => this.#pass(event);
    const events = await answered(ports.events.follow(this.name, { heard, lost }), clock, stopLate);
    if (!events.ok) return events;
    this.#untilClosed(events.value.stop);
    this.line.begin(events.value.from);
    const ears = {
      heard: (lines: readonly Presence[]) => {
        this.#broadcast({ type: "presence", room: this.name, members: [...lines] });
        if (this.lobby.size > 0 && !this.#isClosed) this.lobby.tell(lines);
      },
      letter: (name: string, letter: Letter) => this.#receive(name, letter),
      lost,
    };
    const bus = await answered(ports.bus.follow(this.name, ears), clock, stopLate);
    if (!bus.ok) return bus;
    this.#untilClosed(bus.value);
    return this.#isClosed ? fail("unavailable", "the room was closed") : ok(undefined);
  }

  #untilClosed(stop: Cancel, isLate = this.#isClosed): void {
    if (isLate) stop();
    else this.#stops.push(stop);
  }

  #receive(name: string, { frame, isBulk, device }: Letter): Handed {
    let handed: Handed = "nobody";
    for (const { key, connection } of this.members.of(name)) {
      if (device !== undefined && device !== key) continue;
      if (!isBulk) connection.writer.send(frame);
      if (!isBulk || connection.writer.sendChunk(frame)) handed = "taken";
      else if (handed === "nobody") handed = "full";
    }
    return handed;
  }

  /**
   * Passes an event on: one frame for everybody who may see it, and for its author's other devices; including its author only if
   * addressed. [POST-4] [STAMP-5] [DEVICE-4]
   */
  #pass(stamped: StampedEvent): void {
    if (this.#isClosed) return;
    this.line.hear(stamped);
    if (this.#arrivals.size > 0) this.#keepForArrivals(stamped);
    const has = this.#ahead.size === 0 ? undefined : this.#takeAhead(stamped.stamp);
    const { event } = stamped;
    const frame = textFrame(eventText(this.name, stamped, false));
    let deliveries = 0;
    if (event.channel === undefined && event.to.length > 0) {
      for (const name of new Set([...event.to.map((a) => a.member), event.author]))
        for (const device of this.members.of(name)) {
          if (has?.has(device) === true || !(isFor(event.to, device) || isAuthorsOther(event, device))) continue;
          device.connection.writer.send(frame);
          deliveries += 1;
        }
    } else {
      for (const member of this.members.values()) {
        if (event.channel !== undefined && member.channels?.has(event.channel) !== true) continue; // [CHANNEL-3]
        if ((member.key === event.key && member.name === event.author) || has?.has(member) === true) continue;
        member.connection.writer.send(frame);
        deliveries += 1;
      }
    }
    this.#parts.counts.deliveries += deliveries;
    this.#parts.counts.framesOut.add("event", deliveries);
  }

  #keepForArrivals(stamped: StampedEvent): void {
    for (const arrival of this.#arrivals)
      if (arrival.events.push(stamped) > MAX_ARRIVAL_EVENTS) this.#arrivals.delete(arrival);
  }

  /** Those who were given this event on entering. */
  #takeAhead(stamp: string): ReadonlySet<Member> {
    for (const [member, upTo] of this.#ahead) if (compareStamps(stamp, upTo) > 0) this.#ahead.delete(member);
    return new Set(this.#ahead.keys());
  }

  #broadcast(frame: FromRelay): void {
    if (this.#isClosed) return;
    const bytes = textFrame(JSON.stringify(frame));
    for (const member of this.members.values()) member.connection.writer.send(bytes);
    this.#parts.counts.framesOut.add(frame.type, this.members.size);
  }
}
