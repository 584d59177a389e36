// A member's WebSocket, which tells its connection what it hears.
import { WebSocket } from "ws";
import type { Connection } from "./connection.ts";

/** A WebSocket that knows its connection, so that thousands of them share their listeners. */
export class MemberSocket extends WebSocket {
  connection: Connection | undefined;
}

/** Has a socket tell a connection what it hears. */
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

// `close` follows and says all there is to say.
function heardError(): void {}
