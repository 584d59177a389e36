// A program that took a relay's port, as another user of the machine could: it writes down every frame it gets, and plays a relay
// as well as it can. Run as `node squatter.ts PORT FILE MODE [URL]`; prints a line when it listens.
//
// old: shows no key · own: proves a key of its own, and lets everybody in · claims: shows the key URL, which it can't prove ·
// forwards: passes every frame on to the true relay at URL, and back
import { appendFileSync } from "node:fs";
import { createSigner, generateKeyPair } from "@agora/ports";
import { DEFAULT_LIMITS, type Hello, welcomeText } from "@agora/protocol";
import { WebSocket, WebSocketServer } from "ws";

const [port = "", file = "", mode = "", truth = ""] = process.argv.slice(2);
const signer = createSigner(generateKeyPair());
const shown = { old: undefined, own: signer.key, claims: truth }[mode];
const challenge = { type: "challenge", nonce: "N".repeat(24), v: [1], ...(shown === undefined ? {} : { key: shown }) };

function answer(socket: WebSocket, text: string): void {
  const frame = JSON.parse(text) as { type: string };
  if (frame.type === "hello") {
    const welcome = { v: 1, life: "x", at: `127.0.0.1:${port}`, ...(shown === undefined ? {} : { key: shown }) };
    const sig = signer.sign(welcomeText({ challenge, hello: frame as Hello, welcome }));
    const more = { type: "welcome", relay: "agora-relay/0.1.0", time: Date.now(), limits: DEFAULT_LIMITS };
    socket.send(JSON.stringify({ ...more, ...welcome, ...(shown === undefined ? {} : { sig }) }));
  }
  if (frame.type === "join") {
    const joined = {
      type: "joined",
      room: "lobby",
      name: "alice",
      grant: "operator",
      stamp: `${Date.now()}-0`,
      gap: false,
    };
    socket.send(JSON.stringify({ ...joined, members: [], controls: [] }));
  }
}

function forward(socket: WebSocket): void {
  const onward = new WebSocket(`${truth}/ws`, { headers: { host: `127.0.0.1:${port}` } });
  const early: string[] = [];
  onward.on("open", () => early.splice(0).forEach((text) => onward.send(text)));
  onward.on("message", (data: Buffer) => socket.send(data.toString()));
  onward.on("close", () => socket.close());
  onward.on("error", () => socket.close());
  socket.on("close", () => onward.close());
  socket.on("message", (data: Buffer) => {
    if (onward.readyState === WebSocket.OPEN) onward.send(data.toString());
    else early.push(data.toString());
  });
}

const server = new WebSocketServer({ host: "127.0.0.1", port: Number(port) });
server.on("connection", (socket, request) => {
  appendFileSync(file, `${request.url} ${JSON.stringify(request.headers)}\n`);
  socket.on("message", (data: Buffer) => appendFileSync(file, `${data.toString()}\n`));
  socket.on("error", () => undefined);
  if (mode === "forwards") return forward(socket);
  socket.on("message", (data: Buffer) => answer(socket, data.toString()));
  socket.send(JSON.stringify(challenge));
});
server.on("listening", () => process.stdout.write("listens\n"));
