// A connection in virtual time between a member's link and a real relay's connection: frames are delayed in order, as TCP does;
// it may be cut, or go deaf without a word. What a relay may drop is dropped now and then.
import type { Duplex } from "node:stream";
import type { Connection as NearSide, ConnectionEvents } from "@agora/ports";
import type { WebSocket } from "ws";
import type { MachineClock, Timeline } from "./timeline.ts";

/** How bad the network is at the moment. */
export interface Weather {
  /** How long the next frame takes, milliseconds. */
  delay(): number;
  /** Whether a frame that a relay may drop is dropped. */
  drops(): boolean;
  /** Whether a frame comes once more, later, out of order. */
  repeats(): boolean;
}

/** The relay's end of a wire: its `Connection` is made over `socket` and `raw`. */
export interface FarSide {
  receive(data: Buffer, isBinary: boolean): void;
  pong(): void;
  lost(code: number): void;
}

const CLOSE_GRACE_MS = 2_000;
const LOST = 1006;

/** One wire. It opens when the far side is given. */
export class Wire {
  readonly near: NearSide;
  readonly socket: WebSocket;
  readonly raw: Duplex;
  readonly #timeline: Timeline;
  readonly #machine: MachineClock;
  readonly #weather: Weather;
  readonly #events: ConnectionEvents;
  readonly #repeated: (frame: string) => void;
  #far: FarSide | undefined;
  #nearEnded = false;
  #farEnded = false;
  #deaf = false;
  #isClosing = false;
  #downAt = 0;
  #upAt = 0;

  constructor(options: {
    readonly timeline: Timeline;
    readonly machine: MachineClock;
    readonly weather: Weather;
    readonly events: ConnectionEvents;
    /** A frame to the member that will come once more. */
    readonly repeated: (frame: string) => void;
  }) {
    this.#timeline = options.timeline;
    this.#machine = options.machine;
    this.#weather = options.weather;
    this.#events = options.events;
    this.#repeated = options.repeated;
    this.near = {
      unsent: 0,
      send: (frame) => {
        const isBinary = typeof frame !== "string";
        const data = Buffer.from(frame);
        this.#up(() => this.#far?.receive(data, isBinary));
      },
      ping: () => this.#up(() => this.#down(() => this.#events.alive())),
      close: (code, reason) => {
        this.#isClosing = true;
        this.#up(() => this.#endFar(code));
        this.#timeline.after(CLOSE_GRACE_MS, () => this.#endNear(code, reason));
      },
    };
    // As much of them as the relay uses.
    this.socket = {
      ping: () =>
        this.#down(() => {
          if (this.#isClosing) return; // then a ping is not answered any more
          this.#events.alive();
          this.#up(() => this.#far?.pong());
        }),
      close: (code: number, reason: string) => {
        this.#down(() => this.#endNear(code, reason));
        this.#timeline.after(0, () => this.#endFar(code));
      },
      terminate: () => this.cut(),
      pause: () => undefined,
      resume: () => undefined,
    } as unknown as WebSocket;
    this.raw = {
      writable: true,
      writableLength: 0,
      write: (bytes: Buffer) => {
        for (const frame of textFrames(bytes)) this.#toNear(frame);
        return true;
      },
      once: () => undefined,
    } as unknown as Duplex;
  }

  get isOpen(): boolean {
    return this.#far !== undefined && !this.#nearEnded && !this.#farEnded && !this.#deaf;
  }

  /** The socket is open. */
  open(far: FarSide): void {
    this.#far = far;
    this.#machine.awake(() => {
      if (!this.#nearEnded) this.#events.opened();
    });
  }

  /** Nobody is there to dial. */
  refuse(): void {
    this.#machine.awake(() => this.#endNear(LOST, "refused"));
  }

  /** Both sides hear of the end; what was under way is gone. */
  cut(): void {
    const isDeaf = this.#deaf;
    this.#deaf = true;
    this.#timeline.after(0, () => this.#endFar(LOST));
    if (!isDeaf) this.#timeline.after(1, () => this.#machine.awake(() => this.#endNear(LOST, "cut")));
  }

  /** From now on nothing passes, and nobody is told. */
  deafen(): void {
    this.#deaf = true;
  }

  /** The member's process is gone: the system ends its sockets. */
  abandon(): void {
    this.#nearEnded = true;
    this.#timeline.after(this.#weather.delay(), () => this.#endFar(LOST));
  }

  /** The relay's process is gone. */
  orphan(): void {
    this.#farEnded = true;
    if (!this.#deaf)
      this.#timeline.after(this.#weather.delay(), () =>
        this.#machine.awake(() => this.#endNear(LOST, "the relay died")),
      );
  }

  /** Gives the member a frame as if the relay had sent it. */
  give(frame: string): void {
    this.#down(() => this.#events.text(frame));
  }

  #toNear(frame: string): void {
    const isDroppable = frame.startsWith('{"type":"heal"') || isHealed(frame);
    if (isDroppable && this.#weather.drops()) return;
    if (this.#weather.repeats()) this.#repeated(frame);
    this.give(frame);
  }

  #down(fn: () => void): void {
    this.#downAt = Math.max(this.#downAt, this.#timeline.now + this.#weather.delay());
    this.#timeline.after(this.#downAt - this.#timeline.now, () => {
      if (this.#deaf) return;
      this.#machine.awake(() => {
        if (!this.#nearEnded) fn();
      });
    });
  }

  #up(fn: () => void): void {
    if (this.#nearEnded) return;
    this.#upAt = Math.max(this.#upAt, this.#timeline.now + this.#weather.delay());
    this.#timeline.after(this.#upAt - this.#timeline.now, () => {
      if (!this.#deaf && !this.#farEnded) fn();
    });
  }

  #endNear(code: number, reason: string): void {
    if (this.#nearEnded) return;
    this.#nearEnded = true;
    this.#events.closed(code, reason);
  }

  #endFar(code: number): void {
    if (this.#farEnded) return;
    this.#farEnded = true;
    this.#far?.lost(code);
  }
}

/** An event that another than its author delivers. */
function isHealed(frame: string): boolean {
  const by = /"late":true,"by":"([^"]+)"}$/.exec(frame)?.[1];
  return by !== undefined && !frame.includes(`\\"author\\":\\"${by}\\"`);
}

/** The text frames in what a relay wrote: unmasked and whole. */
function* textFrames(bytes: Buffer): Iterable<string> {
  for (let at = 0; at < bytes.length;) {
    const short = bytes[at + 1]! & 0x7f;
    const [length, from] =
      short < 126
        ? [short, at + 2]
        : short === 126
          ? [bytes.readUInt16BE(at + 2), at + 4]
          : [Number(bytes.readBigUInt64BE(at + 2)), at + 10];
    if ((bytes[at]! & 0x0f) === 1) yield bytes.toString("utf8", from, from + length);
    at = from + length;
  }
}
