// A small client of the wire for tests: it keeps every frame until asked for it, and says what it is told to say.
import { randomBytes } from "node:crypto";
import { createSigner, createVerifier, generateKeyPair, type KeyPair, silentLog, systemClock } from "@agora/ports";
import {
  CONTROL,
  type Control,
  decodeFromRelay,
  type Draft,
  encode,
  type FromClient,
  type FromRelay,
  type GrantClaims,
  type Hello,
  helloText,
  type LobbyClaims,
  newId,
  type SignedEvent,
  jwtText,
  signEvent,
  TEXT,
} from "@agora/protocol";
import { WebSocket } from "ws";
import { DEFAULT_RELAY_CONFIG, type RelayConfig } from "../src/config.ts";
import { type Relay, type RelayWorld, startRelay } from "../src/relay.ts";
import { PATIENCE_MS } from "../../test/wait-until.ts";

/** The token of the relays that tests start. */
export const TOKEN = "a-token-for-tests";
const verifier = createVerifier();

/** A relay on a free port, with the test's settings. */
export function openRelay(config: Partial<RelayConfig> = {}, world: Partial<RelayWorld> = {}): Promise<Relay> {
  const off = { burst: 0, perSecond: 0 };
  const limits = { ...DEFAULT_RELAY_CONFIG.limits, rate: { agent: off, user: off } };
  return startRelay(
    { ...DEFAULT_RELAY_CONFIG, port: 0, token: TOKEN, limits, ...config },
    { clock: systemClock, log: silentLog, ...world },
  );
}

/** A grant as a room's owner issues it. */
export function grant(by: KeyPair, claims: Partial<GrantClaims> & { room: string }): string {
  const text = jwtText({ jti: newId(), grant: "member", iat: Math.floor(Date.now() / 1000), ...claims });
  return `${text}.${createSigner(by).sign(text)}`;
}

/** A grant for the lobby, for one use. */
export function lobbyGrant(signer: KeyPair, claims: Partial<LobbyClaims> & Pick<LobbyClaims, "by">): string {
  const iat = Math.floor(Date.now() / 1000);
  const base = { jti: newId(), room: "lobby", grant: "lobby", gives: "member", uses: 1, iat, exp: iat + 600 };
  const text = jwtText({ ...base, ...claims });
  return `${text}.${createSigner(signer).sign(text)}`;
}

type FrameOf<T extends FromRelay["type"]> = Extract<FromRelay, { type: T }>;

export interface MemberOptions {
  readonly name: string;
  readonly pair?: KeyPair;
  readonly ca?: string;
  readonly headers?: Record<string, string>;
  /** Fields of the hello to replace. */
  readonly hello?: Partial<Hello>;
}

/** One connection to a relay. */
export class RawMember implements Disposable {
  readonly name: string;
  readonly pair: KeyPair;
  readonly socket: WebSocket;
  readonly frames: FromRelay[] = [];
  readonly chunks: Buffer[] = [];
  /** How the connection ended. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  readonly #url: string;
  readonly #options: MemberOptions;
  readonly #seqs = new Map<string, number>();
  #arrived: (() => void)[] = [];
  #isClosed = false;

  constructor(url: string, options: MemberOptions) {
    this.#url = url;
    this.#options = options;
    this.name = options.name;
    this.pair = options.pair ?? generateKeyPair();
    const { ca, headers } = options;
    this.socket = new WebSocket(`${url}/ws`, {
      ...(ca === undefined ? {} : { ca }),
      ...(headers === undefined ? {} : { headers }),
    });
    this.socket.on("error", () => undefined);
    this.socket.on("message", (data, isBinary) => {
      if (isBinary) this.chunks.push(data as Buffer);
      else this.frames.push(frameOf((data as Buffer).toString("utf8")));
      this.#wake();
    });
    this.closed = new Promise((resolve) => {
      this.socket.on("close", (code, reason) => {
        this.#isClosed = true;
        this.#wake();
        resolve({ code, reason: reason.toString("utf8") });
      });
    });
  }

  /** A connection that has said hello and been welcomed. */
  static async open(relay: { readonly url: string }, options: MemberOptions): Promise<RawMember> {
    const member = new RawMember(relay.url, options);
    await member.sayHello();
    await member.next("welcome");
    return member;
  }

  /** A connection that is in a room. */
  static async join(
    relay: { readonly url: string },
    options: MemberOptions,
    join: Partial<Extract<FromClient, { type: "join" }>> = {},
  ): Promise<RawMember & { readonly entered: FrameOf<"joined"> }> {
    const member = await RawMember.open(relay, options);
    const entered = await member.enter(join);
    return Object.assign(member, { entered });
  }

  async sayHello(): Promise<void> {
    const { nonce } = await this.next("challenge");
    const said = { v: [1], name: this.name, key: this.pair.key, origin: this.#url, ...this.#options.hello };
    const sig = createSigner(this.pair).sign(helloText(said, nonce));
    this.send({ type: "hello", sig, ...said });
  }

  async enter(join: Partial<Extract<FromClient, { type: "join" }>> = {}): Promise<FrameOf<"joined">> {
    this.send({ type: "join", room: "lobby", token: TOKEN, ...join });
    return this.next("joined");
  }

  send(frame: FromClient): void {
    this.socket.send(encode(frame));
  }

  /** The next frame of this type; frames of other types stay. Rejects when the connection ends first. */
  async next<T extends FromRelay["type"]>(type: T): Promise<FrameOf<T>> {
    return this.nextThat((frame): frame is FrameOf<T> => frame.type === type, type);
  }

  async nextThat<F extends FromRelay>(fits: (frame: FromRelay) => frame is F, what = "such frame"): Promise<F> {
    for (;;) {
      const index = this.frames.findIndex(fits);
      if (index >= 0) return this.frames.splice(index, 1)[0] as F;
      if (this.#isClosed) throw new Error(`The connection ended before a frame: ${what}.`);
      await this.#something(what);
    }
  }

  async nextChunk(): Promise<Buffer> {
    while (this.chunks.length === 0) await this.#something("a chunk");
    return this.chunks.shift()!;
  }

  /** Waits until the room has announced that a member is here, or gone. */
  async sees(name: string, online: boolean): Promise<void> {
    await this.nextThat(
      (frame): frame is FrameOf<"presence"> =>
        frame.type === "presence" && frame.members.some((m) => m.name === name && m.online === online),
      `${name} ${online ? "here" : "gone"}`,
    );
  }

  /** A signed event of this member. */
  seal(text: string, draft: Partial<Draft> = {}, media = TEXT): SignedEvent {
    const to = draft.to ?? [];
    const audience = to.map((a) => a.member).join(",");
    const seq = (this.#seqs.get(audience) ?? 0) + 1;
    this.#seqs.set(audience, seq);
    const id = newId();
    const whole: Draft = {
      id,
      room: "lobby",
      author: this.name,
      role: "agent",
      kind: "message",
      to,
      thread: id,
      chain: id,
      hop: 0,
      seq,
      time: Date.now(),
      ...draft,
    };
    return signEvent(whole, text, media, createSigner(this.pair), verifier).signed;
  }

  sealControl(control: Control, draft: Partial<Draft> = {}): SignedEvent {
    return this.seal(JSON.stringify(control), { kind: "control", role: "user", ...draft }, CONTROL);
  }

  post(event: SignedEvent, room = "lobby"): void {
    this.send({ type: "post", room, event });
  }

  /** Posts a text and returns the relay's answer. */
  async say(text: string, draft: Partial<Draft> = {}): Promise<FrameOf<"stamped"> | FrameOf<"refused">> {
    this.post(this.seal(text, draft), draft.room);
    return this.nextThat(
      (f): f is FrameOf<"stamped"> | FrameOf<"refused"> => f.type === "stamped" || f.type === "refused",
    );
  }

  /** Sends a frame that is refused, and waits for the refusal: everything sent before has then been handled. */
  async settled(): Promise<void> {
    const room = `no-${randomBytes(4).toString("hex")}`;
    this.send({ type: "leave", room });
    await this.nextThat((frame): frame is FrameOf<"refused"> => frame.type === "refused" && frame.room === room);
  }

  [Symbol.dispose](): void {
    this.socket.terminate();
  }

  #something(what: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const seen = (): string => this.frames.map(({ type }) => type).join(" ");
      const late = setTimeout(
        () => reject(new Error(`${this.name} waited in vain for ${what}; unread: ${seen()}`)),
        PATIENCE_MS,
      );
      this.#arrived.push(() => {
        clearTimeout(late);
        resolve();
      });
    });
  }

  #wake(): void {
    for (const wake of this.#arrived.splice(0)) wake();
  }
}

function frameOf(text: string): FromRelay {
  const read = decodeFromRelay(text, 64 * 1024 * 1024);
  if (!read.ok) throw new Error(`${read.message} ${text.slice(0, 200)}`);
  return read.value;
}

/** The text of a received event. */
export function textOf(frame: FrameOf<"event">): string {
  return frame.event.body;
}
