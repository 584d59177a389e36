// The load: members over raw sockets that look at the heads of frames and skip the rest, so that the server is measured and
// not its clients. One of them says messages, with a bounded number in flight.
import { randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";
import { createSigner, generateKeyPair } from "@agora/ports";
import { helloText, newId, signEvent } from "@agora/protocol";
import { NO_CPU, processMs } from "./cpu.ts";
import type { Server } from "./server.ts";

/** What the members of a load speak. */
export type Dialect = "agora" | "plain" | "nats" | "redis";

/** It says no lengths that are cheap to read, nor speaks WebSocket: its messages are counted by their bytes. */
const isCountedByBytes = (dialect: Dialect): boolean => dialect === "nats" || dialect === "redis";

const READ_BYTES = 256 * 1024;
// Sockets hand over what they read at once, so that all of them may read into the same buffer.
const shared = Buffer.allocUnsafeSlow(READ_BYTES);
const bodyOf = (bytes: number): string => "x".repeat(bytes);

/** A frame of a client; the mask is zero, which spares the client and costs the server the same. */
export function clientFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  const long = payload.length < 126 ? 0 : payload.length < 65_536 ? 2 : 8;
  const head = Buffer.alloc(2 + long + 4);
  head[0] = 0x81;
  head[1] = 0x80 | (long === 0 ? payload.length : long === 2 ? 126 : 127);
  if (long === 2) head.writeUInt16BE(payload.length, 2);
  if (long === 8) head.writeBigUInt64BE(BigInt(payload.length), 2);
  return Buffer.concat([head, payload]);
}

/** Counts the frames of a stream of bytes. */
export class FrameCounter {
  count = 0;
  #skip = 0;
  readonly #head = Buffer.alloc(10);
  #headBytes = 0;

  take(bytes: Uint8Array, length: number): void {
    let at = 0;
    while (at < length) {
      // Almost every frame lies whole in what was read, with a length of two bytes.
      while (this.#skip === 0 && this.#headBytes === 0 && at + 4 <= length && (bytes[at + 1]! & 127) === 126) {
        const end = at + 4 + (bytes[at + 2]! << 8) + bytes[at + 3]!;
        if (end > length) break;
        at = end;
        this.count += 1;
      }
      if (at >= length) return;
      if (this.#skip > 0) {
        const step = Math.min(this.#skip, length - at);
        this.#skip -= step;
        at += step;
        if (this.#skip === 0) this.count += 1;
        continue;
      }
      this.#head[this.#headBytes++] = bytes[at++]!;
      const short = this.#head[1]! & 127;
      const needed = this.#headBytes < 2 ? 2 : short < 126 ? 2 : short === 126 ? 4 : 10;
      if (this.#headBytes < needed) continue;
      this.#skip =
        short < 126 ? short : short === 126 ? this.#head.readUInt16BE(2) : Number(this.#head.readBigUInt64BE(2));
      this.#headBytes = 0;
    }
  }
}

/** One member of a load. */
export interface LoadMember {
  readonly socket: Socket;
  /** Frames, or for NATS and Redis messages, since the count was last set to 0. */
  received(): number;
  reset(): void;
  /** Takes what came since the last reset for one message. */
  calibrate(): void;
}

interface Opened extends LoadMember {
  /** Text messages kept while the member is being introduced. */
  nextText(): Promise<string>;
  measure(): void;
}

/** Opens one connection; `arrived` is called after each read. */
function open(dialect: Dialect, port: number, arrived: () => void): Promise<Opened> {
  const counter = new FrameCounter();
  let plainBytes = 0;
  let bytesOfOne = 1;
  let early: Buffer | undefined = Buffer.alloc(0);
  let texts: (() => void) | undefined;
  let upgraded = false;
  return new Promise((resolve, reject) => {
    const onread = {
      buffer: shared,
      callback(length: number, bytes: Uint8Array): boolean {
        if (early === undefined) {
          if (isCountedByBytes(dialect)) plainBytes += length;
          else counter.take(bytes, length);
          arrived();
          return true;
        }
        early = Buffer.concat([early, bytes.subarray(0, length)]);
        if (!upgraded && !isCountedByBytes(dialect)) {
          const end = early.indexOf("\r\n\r\n");
          if (end < 0) return true;
          early = early.subarray(end + 4);
          upgraded = true;
          resolve(member);
        }
        texts?.();
        return true;
      },
    };
    const socket = connect({ port, host: "127.0.0.1", onread });
    socket.setNoDelay(true);
    socket.once("error", reject);
    const takeText = (): string | undefined => {
      if (early === undefined || early.length < 2) return undefined;
      const short = early[1]!;
      const head = short < 126 ? 2 : short === 126 ? 4 : 10;
      if (early.length < head) return undefined;
      const length = short < 126 ? short : short === 126 ? early.readUInt16BE(2) : Number(early.readBigUInt64BE(2));
      if (early.length < head + length) return undefined;
      const text = early.subarray(head, head + length).toString("utf8");
      early = early.subarray(head + length);
      return text;
    };
    const member: Opened = {
      socket,
      received: () => (isCountedByBytes(dialect) ? Math.floor(plainBytes / bytesOfOne) : counter.count),
      reset() {
        plainBytes = 0;
        counter.count = 0;
      },
      calibrate() {
        bytesOfOne = plainBytes;
      },
      measure() {
        early = undefined;
      },
      async nextText() {
        for (;;) {
          const text = takeText();
          if (text !== undefined) return text;
          await new Promise<void>((wake) => {
            texts = wake;
          });
        }
      },
    };
    socket.once("connect", () => {
      if (isCountedByBytes(dialect)) return resolve(member);
      const key = randomBytes(16).toString("base64");
      const lines = ["GET /ws HTTP/1.1", `Host: 127.0.0.1:${port}`, "Upgrade: websocket", "Connection: Upgrade"];
      socket.write([...lines, `Sec-WebSocket-Key: ${key}`, "Sec-WebSocket-Version: 13", "", ""].join("\r\n"));
    });
  });
}

async function textOfType(member: Opened, type: string): Promise<string> {
  for (;;) {
    const text = await member.nextText();
    if (text.startsWith(`{"type":"${type}"`)) return text;
    if (text.startsWith('{"type":"refused"')) throw new Error(text);
  }
}

/** What a member posts under, once it is in a room. */
export interface Author {
  readonly name: string;
  readonly key: string;
  readonly room: string;
}

/** Opens a connection and has it join, in the server's dialect. */
export async function enter(
  dialect: Dialect,
  { port, token }: Server,
  name: string,
  room: string,
  arrived: () => void,
): Promise<LoadMember & { readonly author: Author }> {
  const member = await open(dialect, port, arrived);
  const pair = generateKeyPair();
  const author = { name, key: pair.key, room };
  if (dialect === "nats") member.socket.write('CONNECT {"verbose":false,"echo":true}\r\nSUB r 1\r\n');
  if (dialect === "redis") member.socket.write("HELLO 3\r\nSUBSCRIBE r\r\n"); // by the third version one connection may publish, too
  if (dialect === "agora") {
    const { nonce } = JSON.parse(await textOfType(member, "challenge")) as { nonce: string };
    const said = { v: [1], name, key: pair.key, origin: `ws://127.0.0.1:${port}` };
    const sig = createSigner(pair).sign(helloText(said, nonce));
    member.socket.write(clientFrame(JSON.stringify({ type: "hello", ...said, sig })));
    member.socket.write(clientFrame(JSON.stringify({ type: "join", room, token })));
    await textOfType(member, "joined");
  }
  member.measure();
  return Object.assign(member, { author });
}

const SIGNATURE = "A".repeat(86); // the relay leaves the signatures of messages to the readers
const signer = (key: string): Parameters<typeof signEvent>[3] => ({ key, sign: () => SIGNATURE });
const HASH = { sha256: () => "A".repeat(43) };

/** The `n`th message in a server's dialect. */
export function messageOf(dialect: Dialect, { name, key, room }: Author, n: number, bodyBytes: number): Buffer {
  if (dialect === "agora") {
    const id = newId();
    const draft = { id, room, author: name, role: "agent" as const, kind: "message", to: [], thread: id, chain: id };
    const body = bodyOf(bodyBytes);
    const { signed: sealed } = signEvent(
      { ...draft, hop: 0, seq: n + 1, time: Date.now() },
      body,
      "text/plain",
      signer(key),
      HASH,
    );
    return clientFrame(JSON.stringify({ type: "post", room, event: sealed }));
  }
  const text = JSON.stringify({ t: "post", id: String(100_000 + n), body: bodyOf(bodyBytes) });
  if (dialect === "nats") return Buffer.from(`PUB r ${text.length}\r\n${text}\r\n`);
  if (dialect === "redis") return Buffer.from(`*3\r\n$7\r\nPUBLISH\r\n$1\r\nr\r\n$${text.length}\r\n${text}\r\n`);
  return clientFrame(text);
}

/** What a load is. */
export interface Load {
  readonly members: number;
  readonly messages: number;
  readonly bodyBytes: number;
  readonly inFlight: number;
}

const QUIET_MS = 400;
const quiet = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, QUIET_MS));

/** What a load took. */
export interface Delivered {
  readonly perSecond: number;
  /** The server's CPU time, milliseconds; NaN where it is not told. */
  readonly cpuMs: number;
}

/** Runs a load and gives the deliveries per second. */
export async function deliveriesPerSecond(dialect: Dialect, server: Server, load: Load): Promise<number> {
  return (await deliver(dialect, server, load)).perSecond;
}

/** Runs a load; to its author an event's stamp is what the others' event is. */
export async function deliver(dialect: Dialect, server: Server, load: Load): Promise<Delivered> {
  let arrived = (): void => undefined;
  const members: (LoadMember & { readonly author: Author })[] = [];
  for (let i = 0; i < load.members; i++) {
    members.push(await enter(dialect, server, `m${i}`, "bench", () => arrived()));
  }
  const speaker = members[0]!;
  const messages = Array.from({ length: load.messages + 1 }, (_, n) =>
    messageOf(dialect, speaker.author, n, load.bodyBytes),
  );
  await quiet();
  for (const member of members) member.reset();
  speaker.socket.write(messages.pop()!); // all connections work, and NATS shows how long a message is
  await quiet();
  for (const member of members) {
    member.calibrate();
    member.reset();
  }
  const used = (): number => (NO_CPU === undefined ? processMs(server.pid) : NaN);
  const before = used();
  const start = performance.now();
  await new Promise<void>((resolve) => {
    let sent = 0;
    const pump = (): void => {
      const until = Math.min(load.messages, speaker.received() + load.inFlight);
      if (until > sent) speaker.socket.write(Buffer.concat(messages.slice(sent, until)));
      sent = Math.max(sent, until);
    };
    arrived = () => {
      pump();
      if (speaker.received() >= load.messages && members.every((m) => m.received() >= load.messages)) resolve();
    };
    pump();
  });
  const seconds = (performance.now() - start) / 1_000;
  const cpuMs = used() - before;
  for (const member of members) member.socket.destroy();
  await quiet();
  return { perSecond: (load.members * load.messages) / seconds, cpuMs };
}
