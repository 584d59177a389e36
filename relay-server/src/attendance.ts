// Who is in a room: members by name, each with the devices that it is here with.
import type { Member } from "./member.ts";

const NOBODY: readonly Member[] = [];

/** The members of a room. A person with several devices is one member, and has several places. */
export class Attendance {
  readonly #all = new Set<Member>();
  readonly #devices = new Map<string, readonly Member[]>();

  /** Places that are taken: devices. */
  get size(): number {
    return this.#all.size;
  }

  /** All devices of all members. */
  values(): IterableIterator<Member> {
    return this.#all.values();
  }

  /** The names that are here. */
  names(): IterableIterator<string> {
    return this.#devices.keys();
  }

  /** The devices a name is here with, whoever is here longest first; none when it is away. */
  of(name: string): readonly Member[] {
    return this.#devices.get(name) ?? NOBODY;
  }

  /** Whether exactly this device is here. */
  has(member: Member): boolean {
    return this.#all.has(member);
  }

  add(member: Member): void {
    this.#all.add(member);
    this.#devices.set(member.name, [...this.of(member.name), member]);
  }

  /** Removes a device; false when it is not here. */
  delete(member: Member): boolean {
    if (!this.#all.delete(member)) return false;
    const left = this.of(member.name).filter((other) => other !== member);
    if (left.length > 0) this.#devices.set(member.name, left);
    else this.#devices.delete(member.name);
    return true;
  }
}
