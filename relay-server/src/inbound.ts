// One connection's incoming messages: decoded and handled one after the other. While one takes a moment, the next wait and
// nothing more is read.
import { CLOSE_CODES, decodeFromClient, ok } from "@agora/protocol";
import type { WebSocket } from "ws";
import type { Connection } from "./connection.ts";
import type { RelayContext } from "./context.ts";
import { handleChunk, handleFrame } from "./dispatch.ts";
import { fastParsePost } from "./fast-parse-post.ts";

interface Waiting {
  readonly data: Buffer;
  readonly isBinary: boolean;
}

/** The incoming frames of one connection. */
export class Inbound {
  readonly #relay: RelayContext;
  readonly #connection: Connection;
  readonly #socket: WebSocket;
  #waiting: Waiting[] | undefined;

  constructor(relay: RelayContext, connection: Connection, socket: WebSocket) {
    this.#relay = relay;
    this.#connection = connection;
    this.#socket = socket;
  }

  /** Takes one message from the socket; it waits its turn while an earlier one is being handled. */
  take(data: Buffer, isBinary: boolean): void {
    if (this.#waiting !== undefined) {
      this.#waiting.push({ data, isBinary });
      return;
    }
    const pending = this.#handleSafely(data, isBinary);
    if (pending !== undefined) void this.#handleWaiting(pending);
  }

  async #handleWaiting(first: Promise<void>): Promise<void> {
    const waiting: Waiting[] = [];
    this.#waiting = waiting;
    this.#socket.pause();
    await first;
    for (let next = waiting.shift(); next !== undefined && this.#connection.isOpen; next = waiting.shift()) {
      await this.#handleSafely(next.data, next.isBinary);
    }
    this.#waiting = undefined;
    this.#socket.resume();
  }

  // A handler that throws is a bug in this program: it costs one connection, not the relay.
  #handleSafely(data: Buffer, isBinary: boolean): Promise<void> | undefined {
    const bug = (error: unknown): void => {
      this.#relay.log.warn("bug", { where: "handler", error: error instanceof Error ? error.message : String(error) });
      this.#connection.close(CLOSE_CODES.protocol);
    };
    try {
      return this.#handle(data, isBinary)?.catch(bug);
    } catch (error) {
      bug(error);
      return undefined;
    }
  }

  // Most frames are handled immediately; a join with a grant or a control takes a moment, and what follows waits.
  #handle(data: Buffer, isBinary: boolean): Promise<void> | undefined {
    const relay = this.#relay;
    const connection = this.#connection;
    const isKnown = connection.identity !== undefined;
    if (isBinary) {
      if (!isKnown) connection.close(CLOSE_CODES.protocol); // [HELLO-6]
      else handleChunk(relay, connection, data);
      return undefined;
    }
    const text = data.toString("utf8");
    const { frameBytes } = relay.config.limits;
    const glanced = fastParsePost(text, frameBytes);
    const read = glanced === undefined ? decodeFromClient(text, frameBytes) : ok(glanced);
    relay.counts.framesIn.add(read.ok ? read.value.type : "bad");
    if (!isKnown && !(read.ok && read.value.type === "hello")) {
      connection.close(CLOSE_CODES.protocol); // [HELLO-6]
      return undefined;
    }
    if (read.ok) return handleFrame(relay, connection, read.value);
    connection.refuse(read.code, read.message); // [FRAME-2]
    return undefined;
  }
}
