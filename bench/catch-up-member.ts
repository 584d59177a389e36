// A member of the catch-up bench: a room as a daemon has it. Alice holds 10,000 events that Carol said while Bob was away;
// Bob was in the room before, so that none of them is history to him.
import { join } from "node:path";
import { claimFolder, createRoom, openFolderAt, openStore } from "@agora/daemon";
import { DEFAULT_BRAKES, findHome, keyPair, openPins, type Settings } from "@agora/user-config";
import {
  createDial,
  createLaterVerifier,
  createSigner,
  createVerifier,
  generateKeyPair,
  silentLog,
  systemClock,
} from "@agora/ports";
import { newId, parseRelayAddress, type Result, signEvent, TEXT } from "@agora/protocol";
import { toRecord } from "@agora/member";
import { CATCH_UP_EVENTS } from "./catch-up.ts";

const [folder = "", name = "", port = "", token = ""] = process.argv.slice(2);
const LOOK_MS = 5;

function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.message);
  return result.value;
}

const relay = must(parseRelayAddress(`ws://127.0.0.1:${port}`));
const where = { origin: relay.origin, room: "lobby", name };
const path = join(folder, name);
const home = findHome({ AGORA_HOME: join(folder, `${name}.home`) });
const own = must(openFolderAt(join(path, ".agora")));
const { mark } = must(claimFolder(own, { ...where, begin: "1-0" }, Date.now()));
const store = must(openStore({ folder: own, mark, clock: systemClock, log: silentLog }));
const pins = must(await openPins(home, relay.origin, "lobby"));
const signer = createSigner(must(await keyPair(home, where)));
const verifier = createVerifier();
const settings: Settings = {
  ...DEFAULT_BRAKES,
  relay,
  room: "lobby",
  token,
  tokenFrom: "stored",
  name,
  share: { host: false, dir: false, branch: false, client: false, tool: false },
  notes: [],
};
const room = createRoom({
  project: { path, name },
  settings,
  folder: own,
  store,
  pins,
  signer,
  verifier,
  laterVerifier: createLaterVerifier(),
  clock: systemClock,
  log: silentLog,
  version: "bench",
  dial: createDial({ maxFrameBytes: 32 * 1024 * 1024, handshakeTimeoutMs: 5_000 }),
});

/** What Carol said, as it was kept. */
function fill(): void {
  const carol = createSigner(generateKeyPair());
  for (let seq = 1; seq <= CATCH_UP_EVENTS; seq += 1) {
    const id = newId();
    const place = {
      id,
      room: "lobby",
      author: "carol",
      to: [],
      thread: id,
      chain: id,
      hop: 0,
      seq,
      time: seq,
    } as const;
    const text = `line ${seq} of what was said while somebody was away, about as long as people write`;
    const event = signEvent({ ...place, to: [], role: "user", kind: "message" }, text, TEXT, carol, verifier);
    must(store.keep(toRecord(event, `${1_700_000_000_000 + seq}-0`, seq), event.head));
  }
}

if (name === "alice") {
  fill();
  room.start();
  console.log("ready");
  const joined = setInterval(() => {
    if (room.connection().state !== "joined") return;
    clearInterval(joined);
    console.log("filled");
  }, LOOK_MS);
}
process.stdin.once("data", () => {
  let events = 0;
  room.on.line(() => {
    events += 1;
    if (events < CATCH_UP_EVENTS) return;
    console.log("caught up");
  });
  room.start();
});
