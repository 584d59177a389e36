// A member's WebSocket, which passes its events to its connection.
import { WebSocket } from "ws";
import type { Connection } from "./connection.ts";

/** A WebSocket that knows its connection, so that thousands of them share their listeners. */
export class MemberSocket extends WebSocket {
  connection: Connection | undefined;
}

/** Connects a socket's events to a connection. */
export function attach(socket: MemberSocket, connection: Connection): void {
  socket.connection = connection;
  socket.on("message", heardMessage);
  socket.on("pong", heardPong);
  socket.on("close", heardClose);
  socket.on("error", heardError);
}

function heardMessage(this: WebSocket, data: unknown, isBinary: boolean): void {
  (this as MemberSocket).connection?.receive(data as Buffer, isBinary);
}

function heardPong(this: WebSocket): void {
  (this as MemberSocket).connection?.pong();
}

function heardClose(this: WebSocket, code: number): void {
  (this as MemberSocket).connection?.lost(code);
}

// `close` follows and says everything.
function heardError(): void {}
