// The reference for files: hands every message on to all others, with `ws` and nothing else.
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";

const server = new WebSocketServer({ port: 0, host: "127.0.0.1", perMessageDeflate: false });
const members = new Set<WebSocket>();

server.on("listening", () =>
  console.log(JSON.stringify({ url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}` })),
);
server.on("connection", (socket) => {
  members.add(socket);
  socket.on("close", () => members.delete(socket));
  socket.on("message", (data) => {
    for (const member of members) if (member !== socket) member.send(data as Buffer);
  });
});
