// A relay as a program: reads its settings, says how to join, runs until a signal ends it. What it needs of the process
// comes in as an argument, so that the CLI and the standalone main run the same.
import { randomBytes } from "node:crypto";
import { type Cancel, systemClock } from "@agora/ports";
import { isLoopbackHost } from "@agora/protocol";
import { type Environment, readRelayConfig, type RelayConfig, type RelayFlags } from "./config.ts";
import { CONSOLE_PATH } from "./console-pages.ts";
import { pinoLog } from "./log.ts";
import { type Relay, startRelay } from "./relay.ts";

const DONE = 0;
const FAILED = 1;
const USAGE = 2;

/** What a relay uses of its process. */
export interface RelayIo {
  out(line: string): void;
  err(line: string): void;
  on(signal: "SIGTERM" | "SIGINT" | "SIGHUP", heard: () => void): Cancel;
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
  };
}

/** Runs a relay until SIGTERM or SIGINT; gives the exit code: 0 done, 1 refused or failed, 2 wrong usage. */
export async function runRelay(flags: RelayFlags, env: Environment, io: RelayIo): Promise<number> {
  const read = readRelayConfig(flags, env);
  if (!read.ok) {
    io.err(read.message);
    return read.code === "usage" ? USAGE : FAILED;
  }
  const made = isLoopbackHost(read.value.host) && read.value.token === undefined && !read.value.grantsOnly;
  const config = made ? { ...read.value, token: randomBytes(24).toString("base64url") } : read.value;
  const log = pinoLog(config.logLevel);
  let relay: Relay;
  try {
    relay = await startRelay(config, { clock: systemClock, log });
  } catch (error) {
    io.err(error instanceof Error ? error.message : String(error));
    return FAILED;
  }
  announce(config, relay, made, io); // before the first line of log: whoever started us reads the first line
  log.info("started", { url: relay.url, port: relay.port, tls: config.tls !== undefined, rooted: config.rooms.size });
  const reload = io.on("SIGHUP", () => {
    try {
      relay.reload();
    } catch (error) {
      log.warn("not reloaded", { why: error instanceof Error ? error.message : String(error) });
    }
  });
  await ended(io);
  await relay.close();
  reload();
  return DONE;
}

function announce(
  { token, json, host, tls, publicUrl, console }: RelayConfig,
  relay: Relay,
  made: boolean,
  io: RelayIo,
): void {
  // A configured token is known to whoever configured it; off this machine it is printed nowhere.
  const shown = isLoopbackHost(host) ? token : undefined;
  if (json) return io.out(JSON.stringify({ url: relay.url, token: shown ?? null, pid: process.pid }));
  if (!isLoopbackHost(host) && publicUrl === undefined && tls === undefined) {
    const how = "put a TLS proxy before it and set AGORA_PUBLIC_URL, or give it a certificate";
    return io.out(`The relay listens on ${host}:${relay.port}. Clients elsewhere come by wss:// only: ${how}.`);
  }
  io.out(`The relay listens on ${relay.url}. To join, in a project:`);
  if (console) io.out(`  or in a browser: ${relay.url.replace(/^ws/, "http")}${CONSOLE_PATH}`);
  io.out(`  AGORA_TOKEN=${made ? token : "…"} agora start -n NAME --relay ${relay.url} --room lobby`);
}

function ended(io: RelayIo): Promise<void> {
  return new Promise((resolve) => {
    const cancels = (["SIGTERM", "SIGINT"] as const).map((signal) =>
      io.on(signal, () => {
        for (const cancel of cancels) cancel();
        resolve();
      }),
    );
  });
}
