// A real relay, a real resident with a gateway on a real port, and a home in a temporary folder.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Home } from "@agora/user-config";
import { silentLog, systemClock } from "@agora/ports";
import { DEFAULT_RELAY_CONFIG, type Relay, type RelayConfig, startRelay } from "@agora/relay";
import { PATIENCE_MS } from "../../../test/wait-until.ts";
import { manageToken, readResidentConfig, type ResidentFlags, startResident } from "../src/index.ts";
import { openPeer, type Peer } from "./peer.ts";
import { must, ROOM, TOKEN } from "./waiting.ts";

/** A response of the gateway. */
export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  // Tests may inspect the wire's content freely.
  readonly body: Record<string, never>;
}

export interface World extends AsyncDisposable {
  readonly home: Home;
  readonly relay: Relay;
  /** The gateway's address; changes when it is restarted. */
  readonly url: string;
  /** Another member of the room; one that `returns` has the same key and journals each time. */
  peer(name: string, returns?: boolean): Promise<Peer>;
  token(name: string, more?: { readonly person?: boolean; readonly what?: "make" | "rotate" }): Promise<string>;
  get(path: string, token: string | undefined, headers?: Record<string, string>): Promise<Answered>;
  post(path: string, token: string | undefined, body: unknown, headers?: Record<string, string>): Promise<Answered>;
  /** Shuts the resident down cleanly. */
  stopResident(): Promise<void>;
  startResident(flags?: ResidentFlags): Promise<void>;
}

/** Opens all of it. */
export async function openWorld(
  options: {
    readonly flags?: ResidentFlags;
    readonly relay?: Partial<RelayConfig>;
    readonly prepare?: (home: Home) => Promise<Partial<RelayConfig>>;
  } = {},
): Promise<World> {
  const dir = mkdtempSync(join(tmpdir(), "agora-res-"));
  const home: Home = { path: join(dir, "home") };
  const prepared = await options.prepare?.(home);
  const relay = await startRelay(
    { ...DEFAULT_RELAY_CONFIG, port: 0, token: TOKEN, ...options.relay, ...prepared },
    { clock: systemClock, log: silentLog },
  );
  const env = { AGORA_HOME: home.path, AGORA_TOKEN: TOKEN };
  const undo: (() => PromiseLike<void>)[] = [];
  let stop = (): PromiseLike<void> => Promise.resolve();
  let url = "";
  const world: World = {
    home,
    relay,
    get url() {
      return url;
    },
    async peer(name, returns = false) {
      const kept = join(dir, `peer-${name}`);
      if (returns) mkdirSync(kept, { recursive: true });
      const peer = await openPeer(relay.url, name, TOKEN, returns ? kept : undefined);
      undo.push(() => peer[Symbol.asyncDispose]());
      return peer;
    },
    async token(name, { person = false, what = "make" } = {}) {
      const made = must(await manageToken({ env, what, name, room: ROOM, person }));
      return made.what === "made" ? made.token : "";
    },
    get: (path, token, headers = {}) => ask(`${url}${path}`, { headers: { ...bearer(token), ...headers } }),
    post: (path, token, body, headers = {}) =>
      ask(`${url}${path}`, {
        method: "POST",
        headers: { ...bearer(token), "content-type": "application/json", ...headers },
        body: typeof body === "string" ? body : JSON.stringify(body),
      }),
    stopResident: async () => {
      await stop();
      stop = () => Promise.resolve();
    },
    async startResident(flags = options.flags) {
      const config = must(await readResidentConfig({ relay: relay.url, room: ROOM, http: "0", ...flags }, {}));
      const resident = must(await startResident({ home, env, version: "test", config }));
      url = resident.gateway?.url ?? "";
      stop = () => resident[Symbol.asyncDispose]();
    },
    async [Symbol.asyncDispose]() {
      for (const step of undo.reverse()) await step();
      await stop();
      await relay.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
  await world.startResident();
  return world;
}

function bearer(token: string | undefined): Record<string, string> {
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}

async function ask(url: string, init: RequestInit): Promise<Answered> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(PATIENCE_MS) });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text === "" ? {} : (JSON.parse(text) as Answered["body"]),
  };
}
