// The model with persons: members on several devices, which are linked, revoked and get new keys, and members that are removed and let
// in again; with all that befalls members, relay and network in the other model.
import { generateKeyPair, type KeyPair, keyPairOf } from "@agora/ports";
import { chance, weatherBy } from "./chance.ts";
import { DeviceHome, type Whose } from "./device-home.ts";
import { grantBy, ownerOf } from "./grants.ts";
import { headsIn } from "./heads.ts";
import { type Around, ModelMember } from "./member.ts";
import { ModelRelay, ROOM } from "./relay.ts";
import { quietSession } from "./session.ts";
import { ORIGIN } from "./settings.ts";
import { MachineClock, Timeline } from "./timeline.ts";
import type { Weather } from "./wire.ts";

/** Where a device may be. `bob1` has his root; the others of his are linked there, and may be revoked. */
export const SLOTS = ["alice", "bob1", "bob2", "bob3", "carol"] as const;
export const LINKED = ["bob2", "bob3"] as const;
export const REMOVABLE = ["bob", "carol"] as const;
export type Slot = (typeof SLOTS)[number];
export type Linked = (typeof LINKED)[number];
export type Removable = (typeof REMOVABLE)[number];

/** Who owns the room. */
export const OWNER = "alice";
/** Who comes by a grant instead of the shared token. */
const BY_GRANT = "carol";
/** By how much clocks are wrong from the beginning, milliseconds. */
const CLOCKS_OFF = [0, -24 * 3_600_000, -120_000, 3_600_000] as const;

/** What its person knew of a device when it was to be revoked. */
export interface Revocation {
  /** What the device that revoked it had heard of it. */
  readonly known: ReadonlySet<string>;
  /** Since when it is done, virtual milliseconds. */
  doneAt: number | undefined;
}

export interface Device {
  readonly slot: Slot;
  readonly member: ModelMember;
  /** When it was linked, virtual milliseconds. */
  readonly since: number;
  revocation?: Revocation;
}

/** Something said, and accepted. */
export interface Said {
  readonly id: string;
  readonly device: Device;
  readonly to: readonly string[];
  /** Virtual milliseconds. */
  readonly at: number;
}

export class PersonsWorld {
  readonly timeline = new Timeline();
  readonly relay: ModelRelay;
  readonly root: KeyPair = generateKeyPair();
  readonly said: Said[] = [];
  /** What was shown to a session, and on which devices. */
  readonly asked = new Map<string, Set<string>>();
  /** What Bob answered, and on which device. */
  readonly answered = new Map<string, Device>();
  /** Who is to stay out, as the operator decided last. */
  readonly removed = new Set<string>();
  readonly #random: () => number;
  readonly #weather: Weather;
  readonly #at = new Map<Slot, Device>();
  readonly #gone: Device[] = [];
  #bad = true;
  #grants = 0;

  constructor(seed: number) {
    this.#random = chance(seed);
    this.#weather = weatherBy(this.#random, () => this.#bad);
    this.relay = new ModelRelay(this.timeline, this.root.key);
  }

  /** Every device that there is or was. */
  get devices(): readonly Device[] {
    return [...this.#at.values(), ...this.#gone];
  }

  /** The devices that belong to the room: not revoked, of nobody that was removed. */
  get live(): readonly Device[] {
    return this.devices.filter(({ member, revocation }) => revocation === undefined && !this.removed.has(member.name));
  }

  at(slot: Slot): Device | undefined {
    return this.#at.get(slot);
  }

  /** Everybody comes for the first time, in good weather; Bob with two devices. */
  async begin(): Promise<void> {
    this.#bad = false;
    this.relay.start();
    for (const slot of ["alice", "bob1", "carol"] as const) await this.#place(slot);
    this.at(OWNER)!.member.ownerBy = (key) => ownerOf(this.root, OWNER, key);
    this.#giveGrant();
    await this.link("bob2");
    for (const { member } of this.devices) this.start(member);
    await this.timeline.run(3_000);
    this.#bad = true;
  }

  /** All is well again; who was to be revoked, removed or let in is. */
  async settle(): Promise<void> {
    this.#bad = false;
    this.relay.start();
    for (const { member } of this.devices) {
      member.machine.wake();
      member.dieSoon(undefined);
      this.start(member);
    }
    await this.timeline.run(1_000);
  }

  /** Who was refused does not come by itself: a person starts it again. What was not carried out is said again. */
  insist(): void {
    for (const { member, revocation } of this.devices) {
      if (revocation === undefined && member.room?.connection().state !== "joined" && !this.#isOnItsWay(member)) {
        member.leave();
        this.start(member);
      }
    }
    for (const { slot, revocation } of this.devices)
      if (revocation?.doneAt === undefined && revocation !== undefined) this.revoke(slot as Linked);
    const out = this.#bannedNow();
    for (const name of REMOVABLE)
      if (this.removed.has(name) !== out.has(name)) this.remove(name, this.removed.has(name));
  }

  /** What was decided, and is not carried out yet. */
  undone(): readonly string[] {
    const out = this.#bannedNow();
    const removals = REMOVABLE.filter((name) => this.removed.has(name) !== out.has(name));
    const revocations = this.devices.filter(
      ({ revocation }) => revocation !== undefined && revocation.doneAt === undefined,
    );
    return [
      ...removals.map((name) => `${name} is to be ${this.removed.has(name) ? "out" : "in"} and is not`),
      ...revocations.map(({ member }) => `${member.label} is to be revoked and is not`),
    ];
  }

  start(member: ModelMember): void {
    if (member.room !== undefined) return;
    member.start();
    // A session waits on each of Bob's devices.
    if (member.name === "bob") member.room!.seats.attach(quietSession(member.label), "claude", member.label);
  }

  /** A new device of Bob's, if there is none at this place, or one that was revoked. */
  async link(slot: Linked): Promise<void> {
    const before = this.at(slot);
    const first = this.at("bob1")!.member;
    if (before !== undefined && before.revocation?.doneAt === undefined) return;
    if (before !== undefined) {
      this.#gone.push(before);
      this.#at.delete(slot);
    }
    await this.#place(slot);
    if (first.room === undefined) return;
    first.leave();
    this.start(first);
  }

  /** Bob's first device revokes another one. */
  revoke(slot: Linked): void {
    const device = this.at(slot);
    const { room, store, machine } = this.at("bob1")!.member;
    if (device === undefined || room === undefined || store === undefined || machine.sleeps) return;
    const { home } = device.member;
    const known = headsIn(store).filter((one) => one.counts && home!.keys.includes(one.head.key));
    device.revocation ??= { known: new Set(known.map(({ head }) => head.id)), doneAt: undefined };
    const { revocation } = device;
    const id = home!.device.key;
    void room.requests.device!({ via: "cli", act: "revoke", id }, quietSession("cli")).then((done) => {
      if (done.ok || done.code === "unknown-recipient") revocation.doneAt ??= this.timeline.now;
    });
  }

  /** A device gets a new key, and starts anew with it. */
  rotate(slot: Slot): void {
    const member = this.at(slot)?.member;
    const { room } = member ?? {};
    if (member === undefined || room === undefined || member.machine.sleeps) return;
    void room.requests.device!({ via: "cli", act: "rotate" }, quietSession("cli")).then((done) => {
      if (!done.ok || member.room !== room) return;
      member.leave();
      this.start(member);
    });
  }

  /** The operator removes somebody, or lets them in again. */
  remove(name: Removable, isOut: boolean): void {
    const { room, machine } = this.at(OWNER)!.member;
    if (room === undefined || machine.sleeps) return;
    if (isOut) {
      this.removed.add(name);
      void room.requests.remove!({ via: "cli", member: name }, quietSession("cli"));
      return;
    }
    this.removed.delete(name);
    if (name === BY_GRANT) this.#giveGrant();
    void room.requests.control!({ via: "cli", act: "unban", member: name }, quietSession("cli"));
  }

  #bannedNow(): ReadonlySet<string> {
    const members = this.at(OWNER)?.member.room?.controls.state().members ?? [];
    return new Set(members.filter(({ banned }) => banned !== undefined).map(({ name }) => name));
  }

  #isOnItsWay({ room }: ModelMember): boolean {
    const state = room?.connection().state;
    return state !== undefined && state !== "refused";
  }

  /** An invite for whoever comes by a grant, which the room's owner hands over. */
  #giveGrant(): void {
    this.#grants += 1;
    const claims = { jti: `carols-grant-${this.#grants}`, grant: "member", sub: BY_GRANT };
    this.at(BY_GRANT)!.member.token = grantBy(this.root, claims);
  }

  async #place(slot: Slot): Promise<void> {
    const random = this.#random;
    const name = slot.replace(/\d/, "");
    // Whose clock is right is nobody's to know: a day behind, two minutes behind, an hour ahead, in any order.
    const machine = new MachineClock(this.timeline);
    machine.jump(CLOCKS_OFF[Math.floor(random() * CLOCKS_OFF.length)]!);
    const whose: Whose = {
      ...{ origin: ORIGIN, room: ROOM, name },
      now: () => machine.now(),
      newKey: () => keyPairOf(Buffer.from(Array.from({ length: 32 }, () => random() * 256)).toString("base64url")),
    };
    const first = LINKED.some((one) => one === slot) ? this.at("bob1")!.member.home : undefined;
    const home = first === undefined ? await DeviceHome.first(whose) : await first.link(whose, slot);
    const around: Around = {
      ...{ timeline: this.timeline, random, root: this.root.key },
      weather: this.#weather,
      dialled: (wire) => this.relay.accept(wire),
      relayLife: () => this.relay.lives,
    };
    const mode = name === "bob" ? "auto" : "manual";
    const member = new ModelMember(name, around, { label: `${slot}.${this.#gone.length}`, home, machine, mode });
    this.#at.set(slot, { slot, member, since: this.timeline.now });
  }
}
