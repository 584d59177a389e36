// A member in virtual time: the real room, store and link over journals and wires in memory. Its process may die at any write,
// its machine lose power or sleep.
import type { Owner, Room, Store, StoreDisk } from "@agora/member";
import type { Settings } from "@agora/user-config";
import { createSigner, generateKeyPair, type KeyPair, silentLog } from "@agora/ports";
import { cutLines, memoryJournal, memoryLines, type MemoryLines } from "@agora/ports/testing";
import { folderFiles } from "../../packages/daemon/src/files/folder-disk.ts";
import { createMember, openStoreOn } from "@agora/member";
import type { DeviceHome } from "./device-home.ts";
import { memoryPins } from "./pins.ts";
import { heeding, whileAlive } from "./hearing.ts";
import { ROOM, TOKEN } from "./relay.ts";
import { modelSettings, ORIGIN } from "./settings.ts";
import { MachineClock, type Timeline } from "./timeline.ts";
import { verifier } from "./verifier.ts";
import { type Weather, Wire } from "./wire.ts";

/** Nothing of a model is written there. */
const NOWHERE = "/dev/null/model";
const SYNC_MS = 4;
/** Often, so that deaths and power cuts meet checkpoints of every age. */
const CHECKPOINT_EVERY = 12;

/** What a member's process may die of, and when. */
export interface Death {
  /** Writes until then. */
  left: number;
  /** Whether the last one still reaches the journal. */
  readonly after: boolean;
  readonly power: boolean;
}

/** The world around a member. */
export interface Around {
  readonly timeline: Timeline;
  readonly weather: Weather;
  readonly random: () => number;
  readonly root: string;
  readonly dialled: (wire: Wire) => void;
  /** Which life of the relay this is: what one has sent comes again from no other. */
  readonly relayLife: () => number;
}

/** What makes a member more than a name and a key. */
export interface Being {
  /** What tells it from the other devices of its person. */
  readonly label?: string;
  /** The keys of its person on this device. */
  readonly home?: DeviceHome;
  readonly mode?: Settings["mode"];
  readonly machine?: MachineClock;
}

interface Process {
  readonly room: Room;
  readonly store: Store;
  wire: Wire | undefined;
  alive: boolean;
}

const JOURNALS = ["history", "outbox", "inbox"] as const;

/** One member, through all its lives. */
export class ModelMember {
  readonly name: string;
  readonly label: string;
  readonly machine: MachineClock;
  readonly #around: Around;
  readonly #lines: Record<(typeof JOURNALS)[number], MemoryLines>;
  readonly #pins: ReturnType<typeof memoryPins>;
  readonly #being: Being;
  readonly #pair = generateKeyPair();
  #mark: Parameters<StoreDisk["noteRoom"]>[0] = { origin: ORIGIN, room: ROOM, name: "" };
  #checkpoint: string | undefined;
  #process: Process | undefined;
  #death: Death | undefined;
  /** In the home of the room's owner: what it decides by, with the key it has now. */
  ownerBy: ((key: string) => Owner) | undefined;
  /** By what the relay lets it in. */
  token = TOKEN;
  /** A thief's client, which heeds no word about keys. */
  isHeedless = false;

  constructor(name: string, around: Around, being: Being = {}) {
    this.name = name;
    this.label = being.label ?? name;
    this.#being = being;
    this.#around = around;
    this.machine = being.machine ?? new MachineClock(around.timeline);
    this.#pins = memoryPins(() => this.machine.now());
    this.#mark = { ...this.#mark, name };
    this.#lines = { history: memoryLines(), outbox: memoryLines(), inbox: memoryLines() };
  }

  /** What it signs with from its next start on. */
  get pair(): KeyPair {
    return this.#being.home?.pair ?? this.#pair;
  }

  get home(): DeviceHome | undefined {
    return this.#being.home;
  }

  get room(): Room | undefined {
    return this.#process?.room;
  }

  get store(): Store | undefined {
    return this.#process?.store;
  }

  start(): void {
    if (this.#process !== undefined) return;
    const { timeline, random, weather } = this.#around;
    const life: { wire: Wire | undefined; alive: boolean } = { wire: undefined, alive: true };
    const clock = this.machine.ofProcess(() => life.alive);
    const disk = this.#disk(life);
    const opened = openStoreOn({
      place: NOWHERE,
      mark: this.#mark,
      clock,
      log: silentLog,
      hasher: verifier,
      disk,
      checkpointEvery: CHECKPOINT_EVERY,
    });
    if (!opened.ok) throw new Error(opened.message);
    const store = opened.value;
    const { token, name } = this;
    const settings = modelSettings({ name, token, root: this.#around.root, mode: this.#being.mode ?? "manual" });
    const room = createMember(
      {
        owner: this.ownerBy?.(this.pair.key),
        project: { path: NOWHERE, name: this.name },
        settings,
        folder: { path: NOWHERE },
        store,
        pins: this.#pins,
        signer: createSigner(this.pair),
        ...(this.home === undefined ? {} : { person: this.home.open(() => life.alive) }),
        verifier,
        clock,
        log: silentLog,
        random,
        version: "model",
        dial: (_url, events) => {
          const wire = new Wire({
            timeline,
            machine: this.machine,
            weather,
            events: whileAlive(
              life,
              heeding(events, () => !this.isHeedless),
            ),
            repeated: (frame) => this.#giveAgain(frame),
          });
          if (!life.alive) return wire.near;
          life.wire = wire;
          timeline.after(weather.delay(), () => this.#around.dialled(wire));
          return wire.near;
        },
      },
      {
        files: folderFiles(NOWHERE, { files: `${NOWHERE}/files`, parts: `${NOWHERE}/files`, sent: `${NOWHERE}/sent` }),
        facts: ({ mode, seats }) => ({ kind: "person", mode, seats: [...seats] }),
        keepPresence: () => Promise.resolve(),
      },
    );
    this.#process = Object.assign(life, { room, store });
    room.start();
  }

  /** The process dies at one of its next writes, or (without a death) not any more. */
  dieSoon(death: Death | undefined): void {
    this.#death = death === undefined ? undefined : { ...death };
  }

  /** The process dies now; with the power goes what was not synced. */
  die(power: boolean): void {
    const process = this.#process;
    this.#death = undefined;
    if (process === undefined) return;
    process.alive = false;
    this.#process = undefined;
    process.wire?.abandon();
    this.machine.wake();
    if (!power) return;
    for (const name of JOURNALS) {
      const { lines, synced } = this.#lines[name];
      const unsynced = lines.filter((line) => line.position >= synced);
      const cut = unsynced[Math.floor(this.#around.random() * (unsynced.length + 1))];
      if (cut !== undefined) cutLines(this.#lines[name], cut.position);
    }
  }

  /** Ends as `stop` does: with a checkpoint. */
  leave(): void {
    const process = this.#process;
    if (process === undefined) return;
    process.room.stop();
    process.store.close();
    for (const name of JOURNALS) this.#lines[name].synced = this.#lines[name].end;
    this.die(false);
  }

  cut(): void {
    this.#process?.wire?.cut();
  }

  deafen(): void {
    this.#process?.wire?.deafen();
  }

  /** The store as another process would read it back from the journals alone. */
  reread(): Store {
    const lines = this.#lines;
    const disk: StoreDisk = {
      open: (name) =>
        memoryJournal(lines[name], { write: () => "read only", sync: () => Promise.resolve(), syncNow: () => false }),
      readCheckpoint: () => undefined,
      writeCheckpoint: () => undefined,
      setCheckpointAside: () => undefined,
      noteRoom: () => undefined,
    };
    const clock = this.machine.ofProcess(() => false);
    const opened = openStoreOn({
      place: NOWHERE,
      mark: this.#mark,
      clock,
      log: silentLog,
      hasher: verifier,
      disk,
    });
    if (!opened.ok) throw new Error(opened.message);
    return opened.value;
  }

  #disk(life: { alive: boolean }): StoreDisk {
    return {
      open: (name) =>
        memoryJournal(this.#lines[name], {
          write: () => this.#write(life),
          sync: () =>
            new Promise((resolve) => {
              this.#around.timeline.after(SYNC_MS, () => {
                if (life.alive) resolve();
              });
            }),
          syncNow: () => life.alive,
        }),
      readCheckpoint: () => this.#checkpoint,
      writeCheckpoint: (text) => {
        if (life.alive) this.#checkpoint = text;
      },
      setCheckpointAside: () => {
        if (life.alive) this.#checkpoint = undefined;
      },
      noteRoom: (mark) => {
        if (life.alive) this.#mark = mark;
      },
    };
  }

  #write(life: { alive: boolean }): string | undefined {
    if (!life.alive) return "this process is dead";
    const death = this.#death;
    if (death === undefined || (death.left -= 1) > 0) return undefined;
    if (death.after) {
      // It is written; nothing of what would have followed is.
      life.alive = false;
      this.#process?.wire?.abandon();
      queueMicrotask(() => this.die(death.power));
      return undefined;
    }
    this.die(death.power);
    return "this process is dead";
  }

  #giveAgain(frame: string): void {
    if (!/^\{"type":"(event|stamped|receipts)"/.test(frame)) return;
    const again =
      frame.startsWith('{"type":"event"') && !frame.includes('"late":true', frame.length - 100)
        ? `${frame.slice(0, -1)},"late":true}`
        : frame;
    const life = this.#around.relayLife();
    this.#around.timeline.after(this.#around.random() * 8_000, () => {
      const wire = this.#process?.wire;
      if (wire?.isOpen === true && life === this.#around.relayLife()) wire.give(again);
    });
  }
}
