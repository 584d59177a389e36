// A relay that says exactly what a test tells it to, over connections in memory: for what a real relay would never do, or
// only in a moment that can't be met.
import { createSigner, type Dial, generateKeyPair } from "@agora/ports";
import { type FarSide, memoryDial } from "@agora/ports/testing";
import {
  type Challenge,
  DEFAULT_LIMITS,
  type FromClient,
  decodeFromClient,
  encode,
  FIRST_STAMP,
  type FromRelay,
  type Hello,
  type Joined,
  type Limits,
  type Presence,
  type SignedEvent,
  type Welcome,
  welcomeText,
} from "@agora/protocol";
import { until } from "../wait-until.ts";

const signer = createSigner(generateKeyPair());
const CHALLENGE: Challenge = { type: "challenge", nonce: "A".repeat(24), v: [1], key: signer.key };

const OFF = { burst: 0, perSecond: 0 };

type Sent<T extends FromClient["type"]> = Extract<FromClient, { type: T }>;

/** The script's side of the wire. */
export class ScriptedRelay {
  readonly dial: Dial;
  /** All that was sent by the client, over all connections. */
  readonly heard: FromClient[] = [];
  /** What the next `joined` says. */
  members: Presence[] = [];
  controls: SignedEvent[] = [];
  stamp = "1700000000000-0";
  /** What it says it can do. */
  features: readonly string[] = [];
  /** The code with which it answers every `join`, if it lets nobody in. */
  refusal: number | undefined;
  /** What it says of its limits. */
  limits: Limits = { ...DEFAULT_LIMITS, rate: { agent: OFF, user: OFF } };
  /** The chunks of files that the client sent. */
  readonly chunks: Uint8Array[] = [];
  readonly #far: () => FarSide | undefined;

  constructor() {
    const { dial, dialled } = memoryDial();
    this.#far = () => dialled.at(-1);
    this.dial = (url, events) => {
      const connection = dial(url, events);
      const far = dialled.at(-1)!;
      far.onFrame = (frame) => queueMicrotask(() => this.#hear(far, frame)); // nothing answers within the call
      queueMicrotask(() => {
        far.open();
        far.give(encode(CHALLENGE));
      });
      return connection;
    };
  }

  /** Says something on the present connection. */
  give(frame: FromRelay): void {
    this.#far()?.give(encode(frame));
  }

  /** Ends the present connection. */
  cut(code = 1006): void {
    this.#far()?.end(code);
  }

  sent<T extends FromClient["type"]>(type: T): Sent<T>[] {
    return this.heard.filter((frame): frame is Sent<T> => frame.type === type);
  }

  /** Waits until the client has sent `count` frames of a type; gives the last. */
  async next<T extends FromClient["type"]>(type: T, count = 1): Promise<Sent<T>> {
    await until(`${count} of ${type}`, () => this.sent(type).length >= count);
    return this.sent(type)[count - 1]!;
  }

  #hear(far: FarSide, frame: string | Uint8Array): void {
    if (typeof frame !== "string") return void this.chunks.push(frame);
    const read = decodeFromClient(frame, 64 * 1024 * 1024);
    if (!read.ok) throw new Error(read.message);
    this.heard.push(read.value);
    if (read.value.type === "hello") far.give(encode(this.#welcome(read.value)));
    if (read.value.type !== "join") return;
    if (this.refusal === undefined) far.give(encode(this.#joined(read.value)));
    else far.end(this.refusal);
  }

  #welcome(hello: Hello): FromRelay {
    const welcome: Welcome = {
      type: "welcome",
      v: 1,
      relay: "script",
      life: "1",
      time: Date.now(),
      features: [...this.features],
      limits: this.limits,
      key: signer.key,
    };
    return { ...welcome, sig: signer.sign(welcomeText({ challenge: CHALLENGE, hello, welcome })) };
  }

  #joined({ room }: Sent<"join">): Joined {
    const name = this.sent("hello").at(-1)!.name;
    const { stamp, members, controls } = this;
    return { type: "joined", room, name, grant: "member", stamp, gap: stamp === FIRST_STAMP, members, controls };
  }
}
