// One connection: who it is and which rooms it is in. What it sends is counted here and handled by inbound.ts; what it is
// sent goes through its writer. It ends once, with a row from the table of close codes.
import { randomBytes } from "node:crypto";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import {
  CLOSE_CODES,
  closeCode,
  type CloseCode,
  encode,
  type ErrorCode,
  type FromRelay,
  type Greeting,
  HELLO_TIMEOUT_MS,
  VERSIONS,
} from "@agora/protocol";
import { type Cancel, endOf } from "@agora/ports";
import type { WebSocket } from "ws";
import type { RelayContext } from "./context.ts";
import { closeReason } from "./close-reason.ts";
import { FloodGuard } from "./flood-guard.ts";
import { textFrame } from "./frame.ts";
import type { ProvenIdentity } from "./hello.ts";
import { Inbound } from "./inbound.ts";
import { Liveness } from "./liveness.ts";
import type { Guest } from "./lobby.ts";
import type { Member } from "./member.ts";
import { Writer } from "./writer.ts";

/** A hello has no reason to be longer, and a client that hasn't sent one isn't trusted with more. [HELLO-6] */
const MAX_HELLO_BYTES = 4_096;
/** A smaller chunk counts as an ordinary frame. */
const SMALL_CHUNK_BYTES = 4_096;
/** How long the other side has to answer a close, milliseconds. */
const CLOSE_GRACE_MS = 3_000;

/** Optional fields of a refusal. */
export interface RefusalFields {
  readonly room?: string | undefined;
  readonly id?: string | undefined;
  readonly to?: string | undefined;
  readonly retryAfterMs?: number | undefined;
}

/** One client's connection to the relay. */
export class Connection {
  readonly writer: Writer;
  readonly host: string;
  /** The local end of this connection, `address:port`. */
  readonly at: string | undefined;
  /** Where it comes from; undefined when that can't be determined. */
  readonly address: string | undefined;
  /** When the last complete message arrived, with all bytes received until then. */
  #heardBytes = 0;
  readonly #raw: Duplex;
  readonly nonce = randomBytes(18).toString("base64url");
  readonly #relay: RelayContext;
  readonly #socket: WebSocket;
  readonly #flood: FloodGuard;
  readonly #ended: (connection: Connection) => void;
  readonly #rooms = new Map<string, Member>();
  /** The rooms in whose lobby it waits. */
  readonly #lobbies = new Map<string, Guest>();
  #identity: ProvenIdentity | undefined;
  #greeting: Greeting | undefined;
  #deadline: Cancel | undefined;
  readonly #life = new Liveness();
  readonly #inbound: Inbound;
  #open = true;

  constructor(
    relay: RelayContext,
    socket: WebSocket,
    raw: Duplex,
    { host, address }: { readonly host: string; readonly address: string | undefined },
    ended: (connection: Connection) => void,
  ) {
    this.writer = new Writer(raw, relay.turn, relay.maxUnsentBytes, this);
    this.host = host;
    this.address = address;
    this.#raw = raw;
    this.at = raw instanceof Socket ? endOf(raw.localAddress, raw.localPort) : undefined;
    this.#relay = relay;
    this.#socket = socket;
    this.#ended = ended;
    this.#inbound = new Inbound(relay, this, socket);
    this.#flood = new FloodGuard(relay.config.limits.rate, relay.clock.steady());
    this.#deadline = relay.clock.after(HELLO_TIMEOUT_MS, () => this.close(CLOSE_CODES.helloTimeout)); // [HELLO-5]
    const key = relay.signer?.key;
    this.send({ type: "challenge", nonce: this.nonce, v: [...VERSIONS], ...(key === undefined ? {} : { key }) }); // [HELLO-1]
  }

  get isOpen(): boolean {
    return this.#open;
  }

  /** Who this is; undefined before a good hello. */
  get identity(): ProvenIdentity | undefined {
    return this.#identity;
  }

  get roomCount(): number {
    return this.#rooms.size + this.#lobbies.size;
  }

  /** This connection's place in the lobby of a room. */
  guest(room: string): Guest | undefined {
    return this.#lobbies.get(room);
  }

  /** Records that it waits in a lobby. */
  waitsInLobby(guest: Guest): void {
    this.#lobbies.set(guest.room.name, guest);
  }

  leaveLobby(guest: Guest): void {
    if (this.#lobbies.get(guest.room.name) === guest) this.#lobbies.delete(guest.room.name);
    guest.room.lobby.leave(guest);
  }

  /** This connection's membership in a room; undefined if it hasn't joined. */
  member(room: string): Member | undefined {
    return this.#rooms.get(room);
  }

  /** All rooms this connection is in. */
  members(): IterableIterator<Member> {
    return this.#rooms.values();
  }

  /** What a proof of a token must cover; undefined when the relay proved no key here. */
  get greeting(): Greeting | undefined {
    return this.#greeting;
  }

  /** Records a good hello; a first room must be joined within the same time again. */
  introduce(identity: ProvenIdentity, greeting: Greeting | undefined): void {
    this.#identity = identity;
    this.#greeting = greeting;
    this.#deadline?.();
    this.#deadline = this.#relay.clock.after(HELLO_TIMEOUT_MS, () => this.close(CLOSE_CODES.helloTimeout));
  }

  /** Records that it asks to enter a room: from here on the relay's own deadlines apply. [HELLO-5] */
  joins(): void {
    this.#deadline?.();
    this.#deadline = undefined;
  }

  /** Records that this connection is now in a room. */
  joined(member: Member): void {
    this.#rooms.set(member.room.name, member);
  }

  /** Leaves one room; the room is told and the name is freed. */
  leave(member: Member): void {
    if (!this.#rooms.delete(member.room.name)) return;
    member.room.leave(member);
    this.#relay.names.release(member.held);
  }

  send(frame: FromRelay): void {
    this.#relay.counts.framesOut.add(frame.type);
    this.writer.send(textFrame(encode(frame)));
  }

  /** Says in one sentence that something was not done. [REFUSE-1] */
  refuse(code: ErrorCode, message: string, { room, id, to, retryAfterMs }: RefusalFields = {}): void {
    this.#relay.counts.refused.add(code);
    this.send({
      type: "refused",
      ...(room === undefined ? {} : { room }),
      ...(id === undefined ? {} : { id }),
      ...(to === undefined ? {} : { to }),
      code,
      message,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
    if (this.#flood.goesOn(code, this.#relay.clock.steady())) this.close(CLOSE_CODES.flooding); // [FLOOD-1]
  }

  /** Takes one message from the socket; it waits its turn while an earlier one is being handled. */
  receive(data: Buffer, isBinary: boolean): void {
    if (!this.#open) return;
    this.#life.hears();
    this.#heardBytes = bytesRead(this.#raw);
    const isFrame = !isBinary || data.length < SMALL_CHUNK_BYTES;
    if (isFrame && this.#flood.isOneTooMany(this.#relay.clock.steady())) return this.close(CLOSE_CODES.flooding); // [FLOOD-2]
    if (this.#identity === undefined && data.length > MAX_HELLO_BYTES) return this.close(CLOSE_CODES.protocol);
    this.#inbound.take(data, isBinary);
  }

  /** What this connection makes the relay hold: what is waiting for its reader, and a partly received message. */
  get heldBytes(): number {
    return this.writer.unsentBytes + Math.max(0, bytesRead(this.#raw) - this.#heardBytes);
  }

  /** Asks for a sign of life; false when none comes in time. */
  probe(ms: number): Promise<boolean> {
    if (!this.#open) return Promise.resolve(false);
    this.#socket.ping();
    return this.#life.next(this.#relay.clock, ms);
  }

  /** Records a sign of life. */
  pong(): void {
    this.#life.answers();
  }

  /** Pings, or drops a client that has been silent for two periods. [LIVE-1] [LIVE-2] */
  heartbeat(): void {
    if (!this.#open) return;
    if (this.#life.beat()) return this.#socket.ping();
    this.#finish(1006); // tell the room now, not when the system notices
    this.writer.abandon();
    this.terminate();
  }

  /** Ends the connection with a code; its rooms are left at once. [CLOSE-1] */
  close(code: CloseCode, sentence: string = code.sentence): void {
    if (!this.#open) return;
    this.#finish(code.code);
    this.writer.end();
    this.#socket.close(code.code, closeReason(sentence));
    this.#relay.clock.after(CLOSE_GRACE_MS, () => this.terminate());
  }

  /** Destroys the socket without a close frame. */
  terminate(): void {
    this.#socket.terminate();
  }

  /** The socket was closed, by either side. */
  lost(code: number): void {
    if (this.#open) this.#finish(code);
    this.writer.abandon();
    this.#ended(this);
  }

  /** Ends the connection of a reader that left too much unread. [CLOSE-4] */
  overflow(): void {
    this.close(CLOSE_CODES.slowReader);
  }

  #finish(code: number): void {
    this.#open = false;
    this.#deadline?.();
    this.#life.end();
    for (const member of this.#rooms.values()) this.leave(member);
    for (const guest of this.#lobbies.values()) this.leaveLobby(guest);
    // A client may close with any number; only the known ones are distinguished.
    this.#relay.counts.closed.add(closeCode(code).name);
    this.#relay.log.info("closed", { name: this.#identity?.name, code });
  }
}

function bytesRead(raw: Duplex): number {
  return raw instanceof Socket ? raw.bytesRead : 0;
}
