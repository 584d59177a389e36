// `agora report-bug`: what helps to find a bug. Only facts named here get in, so nothing else can: no text, token, key,
// name, path or address. Nothing is sent.
import { closeSync, constants, fstatSync, readSync, writeFileSync } from "node:fs";
import { arch, platform, release } from "node:os";
import { join } from "node:path";
import { installationOf } from "@agora/commands";
import type { Home } from "@agora/user-config";
import { openOwnFile } from "@agora/ports";
import { fail, harmlessLine } from "@agora/protocol";
import { findAll } from "./doctor.ts";
import { findProjectPath } from "../command-context.ts";
import { terminalHome } from "../terminal-home.ts";
import { type ExitCode, print, printFailure, type Start } from "../terminal.ts";
import { VERSION } from "../version.ts";

const LOG_LINES = 40;
/** How much of a log's end is read: more than that many lines need. */
const MAX_LOG_BYTES = 256 * 1024;
/** The fields taken from a log line: only our own words and numbers. */
const FACTS = ["at", "level", "event", "state", "why", "code", "version"] as const;
const OWN_WORD = /^[\w.:+-]{1,40}$/;

/** Prints the report, or writes it to a new file. */
export async function bugReport(
  start: Start,
  flags: { readonly file?: string; readonly project?: string; readonly json?: boolean },
): Promise<ExitCode> {
  const json = flags.json === true;
  const home = terminalHome(start);
  if (!home.ok) return printFailure(home, json);
  const place = findProjectPath(start, home.value, flags.project);
  const findings = await findAll(start, home.value, place, {});
  const lines = [
    "What happened, and what did you expect? (write it here; what follows holds no name, text, address, token or key)",
    "",
    `agora ${VERSION} (${installationOf(start.entry, join(home.value.path, "bin", "agora.mjs")).way}), node ${process.version}, ${platform()} ${release()} ${arch()}`,
    `clients: ${clientsOf(start.env)}`,
    "",
    "doctor:",
    ...findings.map(({ check, state }) => `  ${state.padEnd(4)} ${check}`),
    ...(place.ok ? section("the daemon's log:", join(place.value.path, ".agora", "daemon.log")) : []),
    ...section("this program's log:", crashLog(home.value)),
  ];
  if (flags.file === undefined) {
    print(...lines);
    return 0;
  }
  try {
    writeFileSync(flags.file, `${lines.join("\n")}\n`, { flag: "wx", mode: 0o600 });
    print(
      `Written to ${harmlessLine(flags.file)}: read it, add what happened, and send it to whoever you got agora from.`,
    );
    return 0;
  } catch (error) {
    const why = error instanceof Error && "code" in error ? String(error.code) : "unknown reason";
    return printFailure(
      fail("disk", `${harmlessLine(flags.file)} could not be written (${why}): name another file.`),
      json,
    );
  }
}

function crashLog({ path }: Home): string {
  return join(path, "cli.log");
}

/** Which client's shell this is, if any, judged by the names of variables alone. */
function clientsOf(env: Start["env"]): string {
  const names = ["CLAUDECODE", "CODEX_SANDBOX", "CODEX_SANDBOX_NETWORK_DISABLED"].filter(
    (name) => env[name] !== undefined,
  );
  return names.length === 0 ? "no agent's shell" : names.join(", ");
}

function section(title: string, path: string): string[] {
  let text: string;
  try {
    text = endOf(path);
  } catch {
    return [];
  }
  const kept = text.trimEnd().split("\n").slice(-LOG_LINES).flatMap(factsOf);
  return kept.length === 0 ? [] : ["", title, ...kept.map((line) => `  ${line}`)];
}

/** The end of one of our files; throws if it isn't ours: a project may have brought a link, a pipe, a device. */
function endOf(path: string): string {
  const file = openOwnFile(path, constants.O_RDONLY);
  try {
    const { size } = fstatSync(file);
    const bytes = Buffer.alloc(Math.min(size, MAX_LOG_BYTES));
    const read = readSync(file, bytes, 0, bytes.length, size - bytes.length);
    return bytes.subarray(0, read).toString("utf8");
  } finally {
    closeSync(file);
  }
}

function factsOf(line: string): string[] {
  try {
    const entry = JSON.parse(line) as Record<string, unknown>;
    const facts = FACTS.flatMap((name) => {
      const value = entry[name];
      return typeof value === "number" || (typeof value === "string" && OWN_WORD.test(value)) ? [String(value)] : [];
    });
    return [[...facts, ...framesOf(entry["stack"])].join(" ")];
  } catch {
    return [];
  }
}

/** Where in our own file the bug was: functions and lines, no paths. */
function framesOf(stack: unknown): string[] {
  if (typeof stack !== "string") return [];
  const frames = [...stack.matchAll(/^\s+at (?:([\w.<>$ ]+) )?\(?.*?([\w.-]+:\d+:\d+)\)?$/gm)];
  return frames.slice(0, 8).map(([, name, at]) => `[${name === undefined ? "" : `${name} `}${at}]`);
}
