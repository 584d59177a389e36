// The reference: what every simple relay does. Parses each message, adds a field, and sends it to each member with `ws`.
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";

const server = new WebSocketServer({ port: 0, host: "127.0.0.1", perMessageDeflate: false });
const members = new Set<WebSocket>();
let seq = 0;

server.on("listening", () =>
  console.log(JSON.stringify({ url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}` })),
);
server.on("connection", (socket) => {
  members.add(socket);
  socket.on("close", () => members.delete(socket));
  socket.on("message", (data) => {
    const event = JSON.parse((data as Buffer).toString("utf8")) as Record<string, unknown>;
    event["seq"] = ++seq;
    const text = JSON.stringify(event);
    for (const member of members) member.send(text);
  });
});
