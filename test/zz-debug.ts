import { WebSocket } from "ws";
import { openTown } from "./soak/town.ts";
await using town = await openTown(1);
const m = town.members[0]!;
const orig = process.stderr;
await town.relay.kill();
await town.relay.start();
const { createServer, connect } = await import("node:net");
// sniff: raw path
const s = createServer((c) => { const f = connect(town.relay.port, "127.0.0.1"); c.on("data", d => { orig.write("C>" + d.toString("latin1").slice(0, 80) + "\n"); f.write(d); }); f.on("data", d => { orig.write("R>" + d.toString("latin1").slice(0, 300) + "\n"); c.write(d); }); });
await new Promise<void>(r => s.listen(0, r));
await new Promise(r => setTimeout(r, 4000));
const d = await m.daemon();
console.log(JSON.stringify(await d.request("who", {})).slice(0, 600));
console.log(JSON.stringify(await d.request("say", { via: "cli", text: "x", to: [] })).slice(0, 600));
