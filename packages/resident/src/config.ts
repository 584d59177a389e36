// Turns flags and environment into a resident's configuration; every mistake is one sentence that says what to write
// instead.
import type { Env } from "@agora/user-config";
import { checkMemberName, fail, isLoopbackHost, isRoomName, ok, type Result } from "@agora/protocol";
import { IDLE_MS, KEEP_BYTES, MAX_MEMBERS } from "./limits.ts";
import { RESIDENT_OPTIONS, type ResidentFlag } from "./options.ts";

/** The gateway's own settings. */
export interface GatewayConfig {
  readonly host: string;
  readonly port: number;
  readonly publicUrl: string | undefined;
  readonly tls: { readonly certFile: string; readonly keyFile: string } | undefined;
  /** `host[:port]` in lower case, besides loopback and the public URL. */
  readonly allowedHosts: readonly string[];
  readonly allowedOrigins: readonly string[];
  readonly maxMembers: number;
  /** Undefined: a gateway member never leaves by itself. */
  readonly idleMs: number | undefined;
  readonly keepBytes: number;
}

/** All of a resident's own settings; relay, tokens and root keys come from the home's settings. */
export interface ResidentConfig {
  readonly relay: string | undefined;
  /** Empty: the room of the settings or the invite. */
  readonly rooms: readonly string[];
  readonly name: string;
  readonly gateway: GatewayConfig | undefined;
}

/** Values from a command line, by flag name, as written or in camel case. */
export type ResidentFlags = Readonly<Record<string, string | boolean | undefined>>;

export const DEFAULT_NAME = "resident";

class Mistake extends Error {}

/** Reads the configuration; a flag overrides its environment variable, an empty value counts as unset. */
export function readResidentConfig(flags: ResidentFlags, env: Env): Result<ResidentConfig, "usage"> {
  try {
    return ok(read(flags, env));
  } catch (error) {
    if (error instanceof Mistake) return fail("usage", error.message);
    throw error;
  }
}

/** The given settings as words for another command line. Paths and lists stay as written. */
export function givenFlags(flags: ResidentFlags, env: Env): readonly (readonly [flag: string, value: string])[] {
  return RESIDENT_OPTIONS.flatMap(({ flag }) => {
    const { value } = settingOf(flag, flags, env);
    return value === undefined ? [] : [[flag, value] as const];
  });
}

function read(flags: ResidentFlags, env: Env): ResidentConfig {
  const setting = (flag: ResidentFlag): Setting => settingOf(flag, flags, env);
  const name = checkMemberName((setting("name").value ?? DEFAULT_NAME).replace(/^@/, ""));
  if (!name.ok) throw new Mistake(name.message);
  const rooms = list(setting("room"));
  for (const room of rooms) {
    if (!isRoomName(room))
      throw new Mistake(`"${room}" is not a name for a room: 1 to 64 of a-z, 0-9, ".", "-" and "_".`);
  }
  return {
    relay: setting("relay").value,
    rooms: [...new Set(rooms)],
    name: name.value,
    gateway: readGateway(setting),
  };
}

function readGateway(setting: (flag: ResidentFlag) => Setting): GatewayConfig | undefined {
  const http = setting("http");
  const certFile = setting("cert").value;
  const keyFile = setting("key").value;
  if ((certFile === undefined) !== (keyFile === undefined)) {
    throw new Mistake("A TLS certificate and its key belong together: give both --cert and --key.");
  }
  if (http.value === undefined) return undefined;
  const match = /^(?:(\[[0-9a-f:]+\]|[^:[\]\s]+):)?(\d{1,5})$/i.exec(http.value);
  const port = Number(match?.[2] ?? Number.NaN);
  if (match === null || port > 65_535) {
    throw new Mistake(`${http.label} is a port, or an address and a port such as 127.0.0.1:8765, not "${http.value}".`);
  }
  const host = (match[1] ?? "127.0.0.1").replace(/^\[(.*)\]$/, "$1");
  const publicUrl = publicUrlOf(setting("public-url"));
  const tls = certFile === undefined || keyFile === undefined ? undefined : { certFile, keyFile };
  if (!isLoopbackHost(host) && tls === undefined && publicUrl === undefined) {
    throw new Mistake(
      `On ${host} everybody on the way could read the tokens: give --cert and --key, or --public-url https://… of a proxy before it.`,
    );
  }
  return {
    host,
    port,
    publicUrl,
    tls,
    allowedHosts: list(setting("allowed-hosts")).map((h) => h.toLowerCase()),
    allowedOrigins: list(setting("allowed-origins")).map(originOf),
    maxMembers: count(setting("max-members"), MAX_MEMBERS),
    idleMs: span(setting("idle"), IDLE_MS),
    keepBytes: bytes(setting("keep"), KEEP_BYTES),
  };
}

interface Setting {
  /** How an error message names it. */
  readonly label: string;
  readonly value: string | undefined;
}

function settingOf(flag: ResidentFlag, flags: ResidentFlags, env: Env): Setting {
  const option = RESIDENT_OPTIONS.find((o) => o.flag === flag)!;
  const camel = flag.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const given = flags[flag] ?? flags[camel];
  if (typeof given === "string" && given !== "") return { label: `--${flag}`, value: given };
  const value = env[option.env]?.trim();
  return { label: option.env, value: value === "" ? undefined : value };
}

function list({ value }: Setting): string[] {
  const parts = (value ?? "").split(",").map((part) => part.trim());
  return parts.filter((part) => part !== "");
}

function count({ label, value }: Setting, otherwise: number): number {
  if (value === undefined) return otherwise;
  const number = /^\d{1,4}$/.test(value) ? Number(value) : Number.NaN;
  if (!(number >= 1)) throw new Mistake(`${label} is a whole number from 1 to 9999, not "${value}".`);
  return number;
}

const UNIT_BYTES: Readonly<Record<string, number>> = { "": 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };
const LEAST_KEPT_BYTES = 1024 * 1024;

function bytes({ label, value }: Setting, otherwise: number): number {
  if (value === undefined) return otherwise;
  const match = /^(\d{1,12})\s*([kmg]?)(?:i?b)?$/i.exec(value);
  const number = match === null ? Number.NaN : Number(match[1]) * UNIT_BYTES[match[2]!.toLowerCase()]!;
  if (!(number >= LEAST_KEPT_BYTES && number <= 1024 ** 4)) {
    throw new Mistake(`${label} is a number of bytes from 1M on, such as 64M, not "${value}".`);
  }
  return number;
}

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

function span({ label, value }: Setting, otherwise: number): number | undefined {
  if (value === undefined) return otherwise;
  if (value === "never") return undefined;
  const match = /^(\d{1,5})([smhdw])$/.exec(value);
  const ms = match === null ? 0 : Number(match[1]) * UNIT_MS[match[2]!]!;
  if (ms < 1_000) throw new Mistake(`${label} is a span such as 30m, 12h, 7d, or never, not "${value}".`);
  return ms;
}

function publicUrlOf({ label, value }: Setting): string | undefined {
  if (value === undefined) return undefined;
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const local = url?.protocol === "http:" && isLoopbackHost(url.hostname);
  if (url === undefined || (url.protocol !== "https:" && !local) || url.pathname !== "/" || url.search !== "") {
    throw new Mistake(`${label} is the address clients use, such as https://agora.example.org, not "${value}".`);
  }
  return url.origin;
}

function originOf(text: string): string {
  const origin = URL.canParse(text) ? new URL(text).origin : "null";
  if (origin === "null") throw new Mistake(`An allowed origin is like https://app.example.org, not "${text}".`);
  return origin;
}
