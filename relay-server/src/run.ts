// The relay as a program: reads its settings, says how to join, runs until a signal ends it. What it needs of the process is
// passed in, so that the CLI and the standalone main run the same code.
import { type Cancel, type Log, systemClock } from "@agora/ports";
import { isLoopbackHost } from "@agora/protocol";
import { type Environment, readRelayConfig, type RelayConfig, type RelayFlags } from "./config.ts";
import { CONSOLE_PATH } from "./console-pages.ts";
import { watchTerminal } from "./hangup.ts";
import { findKept } from "./kept.ts";
import { pinoLog } from "./log.ts";
import { type Relay, startRelay } from "./relay.ts";
import { servedNames } from "./served-hosts.ts";

const DONE = 0;
const FAILED = 1;
const USAGE = 2;
/** Shorter tokens cause a warning: anybody who heard a proof could guess such a token at leisure. */
const MIN_TOKEN_CHARS = 16;

/** What a relay uses of its process. */
export interface RelayIo {
  out(line: string): void;
  err(line: string): void;
  on(signal: "SIGTERM" | "SIGINT" | "SIGHUP", heard: () => void): Cancel;
  /** What a SIGHUP asks for. */
  atHangup(): "reload" | "end";
}

/** The real process as RelayIo. */
export function processIo(): RelayIo {
  return {
    out: (line) => void process.stdout.write(`${line}\n`),
    err: (line) => void process.stderr.write(`${line}\n`),
    on(signal, heard) {
      process.on(signal, heard);
      return () => void process.off(signal, heard);
    },
    atHangup: watchTerminal(),
  };
}

/** Runs a relay until SIGTERM or SIGINT; returns the exit code: 0 done, 1 refused or failed, 2 wrong usage. */
export async function runRelay(flags: RelayFlags, env: Environment, io: RelayIo): Promise<number> {
  const read = readRelayConfig(flags, env);
  if (!read.ok) {
    io.err(read.message);
    return read.code === "usage" ? USAGE : FAILED;
  }
  const kept = findKept(read.value, env);
  if (!kept.ok) {
    io.err(kept.message);
    return FAILED;
  }
  const { relayKey, token: made, warning, isHomeless } = kept.value;
  const config: RelayConfig = { ...read.value, relayKey, ...(made === undefined ? {} : { token: made }) };
  const hangup = new AbortController();
  const log = untilHangup(pinoLog(config.logLevel), hangup.signal);
  let relay: Relay;
  try {
    relay = await startRelay(config, { clock: systemClock, log });
  } catch (error) {
    io.err(error instanceof Error ? error.message : String(error));
    return FAILED;
  }
  for (const sentence of [...(warning === undefined ? [] : [warning]), ...warningsOf(config)]) io.err(sentence);
  announce(config, relay, made, io); // before the first log line: whoever started us reads the first line
  if (isHomeless === true)
    log.warn("relay's key not kept", { why: "no home: set AGORA_RELAY_STATE or AGORA_RELAY_KEY" });
  log.info("started", { url: relay.url, port: relay.port, tls: config.tls !== undefined, rooted: config.rooms.size });
  const reload = io.on("SIGHUP", () => {
    if (io.atHangup() === "end") return hangup.abort();
    try {
      relay.reload();
    } catch (error) {
      log.warn("not reloaded", { why: error instanceof Error ? error.message : String(error) });
    }
  });
  await ended(io, hangup.signal);
  await relay.close();
  reload();
  return DONE;
}

/** A log that goes silent once the terminal is gone: the library would retry its line forever. */
function untilHangup(log: Log, hangup: AbortSignal): Log {
  return {
    info: (event, fields) => void (hangup.aborted || log.info(event, fields)),
    warn: (event, fields) => void (hangup.aborted || log.warn(event, fields)),
  };
}

/** What the admin should know before anybody joins. */
function warningsOf({ token, operatorToken, observerToken, relayKey }: RelayConfig): string[] {
  const words = { AGORA_TOKEN: token, AGORA_OPERATOR_TOKEN: operatorToken, AGORA_OBSERVER_TOKEN: observerToken };
  const short = Object.entries(words).filter(([, word]) => word !== undefined && word.length < MIN_TOKEN_CHARS);
  return [
    ...short.map(
      ([name]) =>
        `${name} is short, and can be guessed: take ${MIN_TOKEN_CHARS} characters or more (openssl rand -hex 24 makes one).`,
    ),
    ...(operatorToken !== undefined && relayKey === undefined
      ? [
          "AGORA_OPERATOR_TOKEN makes nobody an operator without a relay's key: set AGORA_RELAY_KEY or AGORA_RELAY_STATE.",
        ]
      : []),
  ];
}

function announce(config: RelayConfig, relay: Relay, made: string | undefined, io: RelayIo): void {
  const { json, host, tls, publicUrl, console } = config;
  const hosts = servedNames(config);
  // The person who configured a token knows it, so it is printed nowhere.
  if (json) {
    const told = { url: relay.url, token: made ?? null, key: relay.key ?? null, hosts, pid: process.pid };
    return io.out(JSON.stringify(told));
  }
  const names = `It answers under ${hosts.join(", ")}${publicUrl === undefined ? "; --allow-hosts adds names" : ""}.`;
  if (!isLoopbackHost(host) && publicUrl === undefined && tls === undefined) {
    const how = "put a TLS proxy before it and set AGORA_PUBLIC_URL, or give it a certificate";
    return io.out(
      `The relay listens on ${host}:${relay.port}. Clients elsewhere come by wss:// only: ${how}. ${names}`,
    );
  }
  io.out(`The relay listens on ${relay.url}. ${names} To join, in a project:`);
  const trust = relay.key === undefined ? "" : ` --trust-relay ${relay.key}`;
  io.out(`  AGORA_TOKEN=${made ?? "…"} agora start -n NAME --relay ${relay.url} --room lobby${trust}`);
  if (console) io.out(`  or in a browser: ${relay.url.replace(/^ws/, "http")}${CONSOLE_PATH}`);
}

function ended(io: RelayIo, hangup: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      for (const cancel of cancels) cancel();
      resolve();
    };
    const cancels = (["SIGTERM", "SIGINT"] as const).map((signal) => io.on(signal, end));
    hangup.addEventListener("abort", end);
  });
}
