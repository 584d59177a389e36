// Turns flags and environment into a relay's configuration; every mistake is one sentence that says what to write instead.
import {
  DEFAULT_LIMITS,
  fail,
  isLoopbackHost,
  isRoomName,
  type Limits,
  ok,
  type Rate,
  type Result,
} from "@agora/protocol";
import { type KeyPair, keyPairOf } from "@agora/ports";
import { RELAY_OPTIONS, type RelayFlag } from "./options.ts";
import type { RingLimits } from "./memory/ring.ts";

/** Who may read `/metrics`. */
export type MetricsAccess = "on" | "off" | "local";
export type LogLevel = "info" | "warn" | "silent";

/** All settings of a relay; files aren't read yet. */
export interface RelayConfig {
  readonly host: string;
  readonly port: number;
  /** The shared token; without one, rooms can only be entered with grants. */
  readonly token: string | undefined;
  /** Members who join with one of these are operators, or observers, on the relay's authority alone. [GRANT-6] */
  readonly operatorToken: string | undefined;
  readonly observerToken: string | undefined;
  /** The relay's own key pair; without it, a relay on this machine generates one each time it starts. [PROOF-1] */
  readonly relayKey: KeyPair | undefined;
  /** The folder that stores the relay's key and the token it generated. */
  readonly state: string | undefined;
  /** Names the relay answers to besides its public address and this machine's. */
  readonly allowedHosts: readonly string[];
  readonly tls: { readonly certFile: string; readonly keyFile: string } | undefined;
  readonly publicUrl: string | undefined;
  /** From room name to the public half of the room's root key. */
  readonly rooms: ReadonlyMap<string, string>;
  readonly grantsOnly: boolean;
  readonly revokedFile: string | undefined;
  readonly limits: Limits;
  readonly maxRooms: number;
  /** Rooms opened from one address. */
  readonly maxRoomsPerAddress: number;
  /** Memory for all rings, and for what waits for readers or has arrived in part, bytes: half for each. */
  readonly memoryBytes: number;
  readonly ring: RingLimits;
  readonly allowedOrigins: readonly string[];
  /** Whether to serve the web console for members. [CONSOLE-1] */
  readonly console: boolean;
  readonly metrics: MetricsAccess;
  readonly logLevel: LogLevel;
  readonly json: boolean;
}

/** `usage`: a value can't be parsed; `refused`: it can, but would be unsafe. */
export type ConfigFailure = "usage" | "refused";

/** Values from a command line, by flag name, as written or in camel case. */
export type RelayFlags = Readonly<Record<string, string | boolean | undefined>>;
export type Environment = Readonly<Record<string, string | undefined>>;

export const DEFAULT_RELAY_CONFIG: RelayConfig = {
  host: "127.0.0.1",
  port: 8080,
  token: undefined,
  operatorToken: undefined,
  observerToken: undefined,
  relayKey: undefined,
  state: undefined,
  allowedHosts: [],
  tls: undefined,
  publicUrl: undefined,
  rooms: new Map(),
  grantsOnly: false,
  revokedFile: undefined,
  limits: DEFAULT_LIMITS,
  maxRooms: 1_000,
  maxRoomsPerAddress: 250,
  memoryBytes: 256 * 1024 * 1024,
  ring: { bytes: 4 * 1024 * 1024, events: 2_000 },
  allowedOrigins: [],
  console: false,
  metrics: "local",
  logLevel: "info",
  json: false,
};

const DEFAULT_ROOMS_PER_KEY = 32;

class Mistake extends Error {}

/** Reads a relay's configuration; a flag overrides its environment variable, an empty value counts as unset. */
export function readRelayConfig(flags: RelayFlags, env: Environment): Result<RelayConfig, ConfigFailure> {
  let config: RelayConfig;
  try {
    config = read(flags, env);
  } catch (error) {
    if (error instanceof Mistake) return fail("usage", error.message);
    throw error;
  }
  if (!isLoopbackHost(config.host) && config.token === undefined && config.rooms.size === 0) {
    return fail(
      "refused",
      `Without a token the relay listens on this machine only, not on ${config.host}: set AGORA_TOKEN.`,
    );
  }
  if (config.grantsOnly && config.rooms.size === 0) {
    return fail("refused", "With --grants-only nobody could enter: name the rooms' root keys in AGORA_ROOM_KEYS.");
  }
  if (config.console && !isLoopbackHost(config.host) && config.publicUrl === undefined) {
    return fail(
      "refused",
      `The console is served under the relay's own address only: set AGORA_PUBLIC_URL, since it listens on ${config.host}.`,
    );
  }
  return ok(config);
}

function read(flags: RelayFlags, env: Environment): RelayConfig {
  const text = (flag: RelayFlag): Setting => settingOf(flag, flags, env);
  const d = DEFAULT_RELAY_CONFIG;
  const certFile = text("cert").value;
  const keyFile = text("key").value;
  if ((certFile === undefined) !== (keyFile === undefined)) {
    throw new Mistake("A TLS certificate and its key belong together: set both AGORA_TLS_CERT and AGORA_TLS_KEY.");
  }
  const limits: Limits = {
    ...d.limits,
    members: count(text("max-members"), d.limits.members, 1),
    frameBytes: bytes(text("max-frame"), d.limits.frameBytes),
    textBytes: bytes(text("max-text"), d.limits.textBytes),
    fileBytes: bytes(text("max-file"), d.limits.fileBytes),
    history: count(text("history"), d.limits.history, 0),
    rooms: count(text("max-rooms-per-key"), DEFAULT_ROOMS_PER_KEY, 1),
    rate: { agent: rate(text("rate-agent"), d.limits.rate.agent), user: rate(text("rate-user"), d.limits.rate.user) },
  };
  const memoryBytes = bytes(text("max-memory"), d.memoryBytes);
  if (memoryBytes < 4 * limits.frameBytes)
    throw new Mistake("--max-memory can't be less than four times --max-frame: frames come in and go out whole.");
  // A frame also contains a head and JSON overhead; a chunk has to fit as well.
  if (limits.frameBytes < 128 * 1024)
    throw new Mistake("--max-frame can't be less than 128K: a chunk of a file has to fit.");
  if (limits.textBytes > limits.frameBytes) throw new Mistake("--max-text can't be more than --max-frame.");
  const tokens = {
    token: token(text("token")),
    operatorToken: token(text("operator-token")),
    observerToken: token(text("observer-token")),
  };
  const given = Object.values(tokens).filter((word) => word !== undefined);
  if (new Set(given).size < given.length)
    throw new Mistake("The tokens of members, operators and observers have to differ.");
  return {
    host: (text("host").value ?? d.host).replace(/^\[(.*)\]$/, "$1"),
    port: port(text("port"), d.port),
    ...tokens,
    relayKey: relayKey(env["AGORA_RELAY_KEY"]?.trim() ?? ""),
    state: text("state").value,
    allowedHosts: list(text("allow-hosts")).map((host) => hostOf(host)),
    tls: certFile === undefined || keyFile === undefined ? undefined : { certFile, keyFile },
    publicUrl: publicUrl(text("public-url")),
    rooms: roomKeys(text("room-keys")),
    grantsOnly: isOn(text("grants-only")),
    revokedFile: text("revoked-file").value,
    limits,
    maxRooms: count(text("max-rooms"), d.maxRooms, 1),
    maxRoomsPerAddress: count(text("max-rooms-per-address"), d.maxRoomsPerAddress, 1),
    memoryBytes,
    ring: d.ring,
    allowedOrigins: list(text("allowed-origins")).map((origin) => originOf(origin)),
    console: isOn(text("console")),
    metrics: oneOf(text("metrics"), ["on", "off", "local"], d.metrics),
    logLevel: oneOf(text("log-level"), ["info", "warn", "silent"], d.logLevel),
    json: isOn(text("json")),
  };
}

interface Setting {
  /** How an error message names it. */
  readonly label: string;
  readonly value: string | undefined;
}

function settingOf(flag: RelayFlag, flags: RelayFlags, env: Environment): Setting {
  const option = RELAY_OPTIONS.find((o) => o.flag === flag);
  const camel = flag.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const given = flags[flag] ?? flags[camel];
  if (given !== undefined && given !== false && given !== "") return { label: `--${flag}`, value: String(given) };
  const name = option !== undefined && "env" in option ? option.env : undefined;
  const value = name === undefined ? undefined : env[name]?.trim();
  return { label: name ?? `--${flag}`, value: value === "" ? undefined : value };
}

function port({ label, value }: Setting, otherwise: number): number {
  if (value === undefined) return otherwise;
  const number = /^\d{1,5}$/.test(value) ? Number(value) : NaN;
  if (!(number <= 65_535)) throw new Mistake(`${label} is a port from 0 to 65535, not "${value}".`);
  return number;
}

function count({ label, value }: Setting, otherwise: number, least: number): number {
  if (value === undefined) return otherwise;
  const number = /^\d{1,9}$/.test(value) ? Number(value) : NaN;
  if (!(number >= least)) throw new Mistake(`${label} is a whole number from ${least} on, not "${value}".`);
  return number;
}

const UNITS: Readonly<Record<string, number>> = { "": 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

function bytes({ label, value }: Setting, otherwise: number): number {
  if (value === undefined) return otherwise;
  const match = /^(\d{1,12})\s*([kmg]?)(?:i?b)?$/i.exec(value);
  const number = match === null ? NaN : Number(match[1]) * UNITS[match[2]!.toLowerCase()]!;
  if (!(number > 0 && number <= 1024 ** 4))
    throw new Mistake(`${label} is a number of bytes such as 10485760 or 10M, not "${value}".`);
  return number;
}

function rate({ label, value }: Setting, otherwise: Rate): Rate {
  if (value === undefined) return otherwise;
  if (value === "off") return { burst: 0, perSecond: 0 };
  const match = /^(\d{1,6})\s*,\s*(\d{1,6}(?:\.\d{1,3})?)$/.exec(value);
  const [burst, perSecond] = [Number(match?.[1]), Number(match?.[2])];
  if (!(burst >= 1 && perSecond > 0))
    throw new Mistake(`${label} is "burst,per second" such as 10,2, or off, not "${value}".`);
  return { burst, perSecond };
}

function token({ label, value }: Setting): string | undefined {
  if (value === undefined) return undefined;
  if (!/^[\x21-\x7e]{1,4096}$/.test(value)) throw new Mistake(`${label} is one word of printable ASCII characters.`);
  return value;
}

function publicUrl({ label, value }: Setting): string | undefined {
  if (value === undefined) return undefined;
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || !/^(wss?|https?):$/.test(url.protocol)) {
    throw new Mistake(`${label} is the address clients dial, such as wss://relay.example.org, not "${value}".`);
  }
  return `${url.protocol.replace("http", "ws")}//${url.host}`;
}

// A host as a browser writes it, with its port if there is one: [::1]:80, lab.local.
function hostOf(text: string): string {
  if (!/^[\w.[\]:-]{1,255}$/.test(text) || !URL.canParse(`http://${text}`))
    throw new Mistake(`A name in --allow-hosts is like relay.local or relay.local:8080, not "${text}".`);
  return new URL(`http://${text}`).host;
}

function relayKey(text: string): KeyPair | undefined {
  if (text === "") return undefined;
  const seed = /^[\w+/-]{43}=?$/.test(text) ? Buffer.from(text, "base64") : Buffer.alloc(0);
  if (seed.length !== 32)
    throw new Mistake("AGORA_RELAY_KEY is 32 random bytes in base64: openssl rand -base64 32 makes them.");
  return keyPairOf(seed.toString("base64url"));
}

function originOf(text: string): string {
  const origin = URL.canParse(text) ? new URL(text).origin : "null";
  if (origin === "null") throw new Mistake(`An allowed origin is like https://agora.example.org, not "${text}".`);
  return origin;
}

function roomKeys(setting: Setting): ReadonlyMap<string, string> {
  const rooms = new Map<string, string>();
  for (const pair of list(setting)) {
    const [room = "", key = ""] = pair.split(/=(.*)/s);
    if (!isRoomName(room) || !/^[\w-]{43}$/.test(key)) {
      throw new Mistake(
        `${setting.label} is a list of room=key, each key 43 characters as "agora room create" prints it, not "${pair}".`,
      );
    }
    rooms.set(room, key);
  }
  return rooms;
}

function list({ value }: Setting): string[] {
  return (value ?? "")
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

function oneOf<T extends string>({ label, value }: Setting, words: readonly T[], otherwise: T): T {
  if (value === undefined) return otherwise;
  const word = words.find((w) => w === value);
  if (word === undefined) throw new Mistake(`${label} is one of ${words.join(", ")}, not "${value}".`);
  return word;
}

function isOn(setting: Setting): boolean {
  return oneOf(setting, ["true", "false", "on", "off", "1", "0"], "off").match(/^(true|on|1)$/) !== null;
}
