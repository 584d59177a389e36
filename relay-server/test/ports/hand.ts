// Ports controlled by a test: it decides which calls fail, before or after they took effect, which answers wait, and when
// followers hear what was said.
import { fail } from "@agora/protocol";
import type { Answer, Outcome } from "../../src/ports/answer.ts";
import type { BusFollower } from "../../src/ports/bus.ts";
import type { LogFollower, StampedEvent } from "../../src/ports/event-log.ts";
import type { RelayPorts } from "../../src/ports/ports.ts";

/** Every call of the ports; `follow` is the log's, `listen` the bus's. */
export type Call = "append" | "find" | "read" | "follow" | "claim" | "release" | "publish" | "to" | "listen";

/** What happens to a call. */
export type Trouble =
  /** It has no effect, and fails. */
  | "fails"
  /** It takes effect, and fails. */
  | "is lost"
  /** Its answer waits until the test releases it. */
  | "waits";

/** Ports, and the controls of them. */
export class HandledPorts implements RelayPorts {
  readonly events: RelayPorts["events"];
  readonly names: RelayPorts["names"];
  readonly bus: RelayPorts["bus"];
  /** What happens to each call now. */
  readonly trouble = new Map<Call, Trouble>();
  /** How often each was called. */
  readonly calls = new Map<Call, number>();
  /** Whether followers of the log hear at once; else when `hear` is called. */
  isHeard = true;
  readonly #unheard: (() => void)[] = [];
  #waiting: { readonly call: Call; readonly go: () => void }[] = [];
  readonly #logs = new Map<string, LogFollower>();

  constructor({ events, names, bus }: RelayPorts) {
    this.events = {
      append: (room, list) => this.#call("append", () => events.append(room, list)),
      find: (room, key, id) => this.#call("find", () => events.find(room, key, id)),
      read: (room, after) => this.#call("read", () => events.read(room, after)),
      follow: (room, follower) => {
        this.#logs.set(room, follower);
        return this.#call("follow", () => events.follow(room, this.#slowly(follower)));
      },
    };
    this.names = {
      claim: (what, ttlMs, isRenewal) => this.#call("claim", () => names.claim(what, ttlMs, isRenewal)),
      release: (what) => this.#call("release", () => names.release(what)),
    };
    this.bus = {
      publish: (room, lines) => this.#call("publish", () => bus.publish(room, lines)),
      to: (room, name, letter) => this.#call("to", () => bus.to(room, name, letter)),
      follow: (room, follower: BusFollower) => this.#call("listen", () => bus.follow(room, follower)),
    };
  }

  /** Lets followers of the log hear the next `count` events, all by default. */
  hear(count = this.#unheard.length): void {
    for (const tell of this.#unheard.splice(0, count)) tell();
  }

  /** Releases a call's waiting answers, the last first. */
  letGo(call: Call): void {
    const going = this.#waiting.filter((one) => one.call === call);
    this.#waiting = this.#waiting.filter((one) => one.call !== call);
    for (const { go } of going.reverse()) go();
  }

  /** Tells the follower of a room's log that it hears nothing any more. */
  lose(room: string): void {
    this.#logs.get(room)!.lost();
  }

  #slowly(follower: LogFollower): LogFollower {
    const heard = (event: StampedEvent): void => {
      if (this.isHeard && this.#unheard.length === 0) follower.heard(event);
      else this.#unheard.push(() => follower.heard(event));
    };
    return { heard, lost: () => follower.lost() };
  }

  #call<T>(call: Call, run: () => Answer<T>): Answer<T> {
    this.calls.set(call, (this.calls.get(call) ?? 0) + 1);
    const trouble = this.trouble.get(call);
    if (trouble === undefined) return Promise.resolve(run());
    const failed: Outcome<T> = fail("unavailable", `${call} ${trouble}`);
    if (trouble === "fails") return Promise.resolve(failed);
    const answer = Promise.resolve(run());
    if (trouble === "is lost") return answer.then(() => failed);
    return new Promise((resolve) => this.#waiting.push({ call, go: () => resolve(answer) }));
  }
}
