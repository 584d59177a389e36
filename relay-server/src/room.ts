// One room: who is in it, what an operator has decided there, and the passing on of events to those who may see them.
import type { Clock } from "@agora/ports";
import {
  type Address,
  type Facts,
  type FromRelay,
  type GrantRole,
  type Presence,
  type Rate,
  type Role,
} from "@agora/protocol";
import type { Connection } from "./connection.ts";
import { Controls } from "./controls.ts";
import type { Counts } from "./counts.ts";
import { textFrame } from "./frame.ts";
import type { Entitlement } from "./grants.ts";
import { PresenceBoard } from "./presence-board.ts";
import { TokenBucket } from "./rate-limit.ts";
import { isFor, maySee, type StampedEvent } from "./ring.ts";

/** A key that is in a room under a name. */
export interface Member {
  readonly name: string;
  readonly key: string;
  readonly room: Room;
  readonly connection: Connection;
  readonly entitlement: Entitlement;
  /** An operator's grant it showed besides what it came in with. */
  operator: Entitlement | undefined;
  readonly since: number;
  facts: Facts | undefined;
  /** The channels it is in, by its last word. [CHANNEL-2] */
  channels: ReadonlySet<string> | undefined;
}

/** Deliveries by one member: a backlog at once, yet no way around the rates of posting. [DELIVER-4] */
const DELIVERIES: Rate = { burst: 12_000, perSecond: 2_000 };

interface Buckets {
  readonly agent: TokenBucket;
  readonly user: TokenBucket;
  readonly deliver: TokenBucket;
  /** An operator's controls: no rate an operator sets may keep it from setting another. */
  readonly control: TokenBucket;
  /** What an operator set for this key when the buckets were made; other rates make other buckets. */
  readonly set: Rate | undefined;
}

/** The text of an `event` frame; names and stamps need no quoting, and the event is JSON already. */
export function eventText(room: string, { stamp, event }: StampedEvent, late: boolean, by?: string): string {
  const mark = (late ? ',"late":true' : "") + (by === undefined ? "" : `,"by":"${by}"`);
  return `{"type":"event","room":"${room}","stamp":"${stamp}","event":${event.text}${mark}}`;
}

/** As what a member is here: an operator's grant besides makes a member an operator, and an observer nothing more. */
export function roleOf({ entitlement, operator }: Pick<Member, "entitlement" | "operator">): GrantRole {
  return operator !== undefined && entitlement.role === "member" ? "operator" : entitlement.role;
}

/** The channels a member names, as a set; undefined: none. [CHANNEL-2] */
export function channelsOf(names: readonly string[] | undefined): ReadonlySet<string> | undefined {
  return names === undefined || names.length === 0 ? undefined : new Set(names);
}

/** A member's line of presence. */
function lineOf(member: Member, online: boolean): Presence {
  const { name, key, since, facts, channels, entitlement } = member;
  return {
    name,
    key,
    online,
    since,
    grant: roleOf(member),
    ...(entitlement.jti === undefined ? {} : { grantId: entitlement.jti }),
    ...(channels === undefined || !online ? {} : { channels: [...channels] }),
    ...(facts === undefined || !online ? {} : { facts }),
  };
}

/** A room while somebody is, or lately was, in it. */
export class Room {
  readonly name: string;
  readonly members = new Map<string, Member>();
  readonly controls = new Controls();
  /** Since when nobody is here, on the steady clock. */
  emptySince: number;
  readonly #clock: Clock;
  readonly #counts: Counts;
  readonly #board: PresenceBoard;
  readonly #buckets = new Map<string, Buckets>();

  constructor(name: string, clock: Clock, counts: Counts) {
    this.name = name;
    this.emptySince = clock.steady();
    this.#clock = clock;
    this.#counts = counts;
    this.#board = new PresenceBoard(clock, (lines) =>
      this.#broadcast({ type: "presence", room: name, members: [...lines] }),
    );
  }

  enter(member: Member): void {
    this.members.set(member.name, member);
    this.#board.change(lineOf(member, true));
  }

  /** Takes a member out and has the room told. [LIVE-3] */
  leave(member: Member): void {
    if (this.members.get(member.name) !== member) return;
    this.members.delete(member.name);
    this.#board.change(lineOf(member, false));
    if (this.members.size > 0) return;
    this.#board.clear();
    this.emptySince = this.#clock.steady();
  }

  /** Notes that a member tells something else of itself. */
  changed(member: Member): void {
    this.#board.change(lineOf(member, true));
  }

  lines(): Presence[] {
    return [...this.members.values()].map((member) => lineOf(member, true));
  }

  /** The rate bucket of a key: it outlives the connection, so that coming back does not fill it. [RATE-1] */
  bucket(
    { name, key }: Pick<Member, "name" | "key">,
    what: Role | "deliver" | "control",
    rate: { readonly agent: Rate; readonly user: Rate },
  ): TokenBucket {
    const now = this.#clock.steady();
    const set = this.controls.rateOf(name, key); // [CONTROL-9]
    let buckets = this.#buckets.get(key);
    if (buckets === undefined || buckets.set !== set) {
      if (this.#buckets.size > 2 * this.members.size + 64) this.#forgetFullBuckets(now);
      buckets = {
        agent: new TokenBucket(set ?? rate.agent, now),
        user: new TokenBucket(set ?? rate.user, now),
        control: buckets?.control ?? new TokenBucket(rate.user, now),
        set,
        deliver: buckets?.deliver ?? new TokenBucket(rate.agent.burst === 0 ? rate.agent : DELIVERIES, now),
      };
      this.#buckets.set(key, buckets);
    }
    return buckets[what];
  }

  /** Passes an event on: one frame for all who may see it, its author only when addressed. [POST-4] */
  fanOut(stamped: StampedEvent): void {
    const { event } = stamped;
    const frame = textFrame(eventText(this.name, stamped, false));
    let deliveries = 0;
    if (event.channel !== undefined) {
      for (const member of this.members.values()) {
        if (member.channels?.has(event.channel) !== true) continue; // [CHANNEL-3]
        if (member.key === event.key && member.name === event.author) continue;
        member.connection.writer.send(frame);
        deliveries += 1;
      }
    } else if (event.to.length === 0) {
      for (const member of this.members.values()) {
        if (member.key === event.key && member.name === event.author) continue;
        member.connection.writer.send(frame);
        deliveries += 1;
      }
    } else {
      for (const name of new Set(event.to.map((a) => a.member))) {
        const member = this.members.get(name);
        if (member === undefined || !isFor(event.to, name, member.key)) continue;
        member.connection.writer.send(frame);
        deliveries += 1;
      }
    }
    this.#counts.deliveries += deliveries;
    this.#counts.framesOut.add("event", deliveries);
  }

  /** The addressed members that are not here (or not in the channel), or here with another key than the author meant. [POST-3] */
  missed(to: readonly Address[], channel?: string): string[] {
    const names = [...new Set(to.map((a) => a.member))];
    return names.filter((name) => {
      const member = this.members.get(name);
      return member === undefined || !isFor(to, name, member.key) || !maySee({ to, channel }, member);
    });
  }

  #broadcast(frame: FromRelay): void {
    const bytes = textFrame(JSON.stringify(frame));
    for (const member of this.members.values()) member.connection.writer.send(bytes);
    this.#counts.framesOut.add(frame.type, this.members.size);
  }

  #forgetFullBuckets(now: number): void {
    for (const [key, { agent, user, deliver, control }] of this.#buckets) {
      if ([agent, user, deliver, control].every((bucket) => bucket.isFull(now))) this.#buckets.delete(key);
    }
  }
}
