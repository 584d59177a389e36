// `agora uninstall`: shows everything Agora has on this machine, asks what should go, and removes it: running processes
// first, the home last. What other people wrote into the same files stays byte for byte.
import { existsSync, readFileSync } from "node:fs";
import { viaOfShell } from "@agora/commands";
import { userFolder } from "@agora/user-config";
import { personOnly } from "@agora/ipc/person-only";
import { fail, type Failure, harmlessLine } from "@agora/protocol";
import { askWhich } from "../ask.ts";
import { terminalHome } from "../terminal-home.ts";
import { type ExitCode, print, printFailure, printJson, type Start } from "../terminal.ts";
import { clientItems, pluginItems, ruleItems } from "../uninstall/clients.ts";
import { daemonItems, listed } from "../uninstall/daemons.ts";
import { folderItems, homeItems, serviceItems, shellItems } from "../uninstall/files.ts";
import type { Item } from "../uninstall/item.ts";

/** The options as commander parsed them. */
export interface UninstallFlags {
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** Returns 0 when everything chosen was removed; 1 when something couldn't be. */
export async function uninstall(start: Start, flags: UninstallFlags): Promise<ExitCode> {
  const json = flags.json === true;
  if (flags.dryRun !== true && viaOfShell(start.env) !== "cli")
    return printFailure(personOnly("What is taken out", "terminal"), json);
  const items = await findItems(start);
  if (!Array.isArray(items)) return printFailure(items, json);
  if (flags.dryRun === true || items.length === 0) return shown(items, json);
  const chosen = flags.yes === true ? items : await choose(start, items);
  if (chosen === undefined) {
    shown(items, json);
    return printFailure(
      fail("usage", "Nothing was taken out: --yes takes all of it, in a terminal you are asked."),
      json,
    );
  }
  let code: ExitCode = 0;
  const done: object[] = [];
  for (const item of chosen) {
    const { kind, what } = item;
    const taken = await item.take();
    const line = taken.ok ? `out: ${what}` : taken.message;
    if (!taken.ok) code = 1;
    done.push({ kind, what, out: taken.ok, ...(taken.ok ? {} : { sentence: taken.message }) });
    if (!json) print(harmlessLine(line, MAX_LINE), ...(taken.ok && taken.value !== undefined ? [taken.value] : []));
  }
  if (json) printJson({ items: done });
  else print(...closing(start, chosen.length === items.length));
  return code;
}

const MAX_LINE = 600;

async function findItems(start: Start): Promise<Item[] | Failure> {
  const accepted = terminalHome(start);
  if (!accepted.ok) return accepted;
  const home = accepted.value;
  const world = {
    env: start.env,
    homedir: userFolder(start.env),
    platform: process.platform,
    exists: existsSync,
    read,
  };
  const projects = await listed(home);
  if (!projects.ok) return projects;
  const paths = projects.value.map(({ project }) => project.path);
  return [
    ...daemonItems(home, projects.value),
    ...(await serviceItems(start)),
    ...pluginItems(world),
    ...clientItems(home, world),
    ...ruleItems(world, paths),
    ...shellItems(home, world),
    ...folderItems(projects.value),
    ...homeItems(home, projects.value, start.env),
  ];
}

/** Unchanged, with its byte order mark, since the edited text is written back. */
function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

function shown(items: readonly Item[], json: boolean): ExitCode {
  if (json) printJson({ items: items.map(({ kind, what }) => ({ kind, what, out: false })) });
  else if (items.length === 0) print("Nothing of Agora is on this machine, but for this program.");
  else print("Of Agora on this machine:", ...items.map(({ what }) => `  ${harmlessLine(what, MAX_LINE)}`));
  return 0;
}

async function choose(start: Start, items: readonly Item[]): Promise<readonly Item[] | undefined> {
  const rows = items.map(({ kind, what }) => ({ label: harmlessLine(what, MAX_LINE), chosen: kind !== "folder" }));
  const picked = await askWhich(start.env, "What goes? (space picks, enter takes it out)", rows);
  return picked?.map((index) => items[index]!);
}

/** What this command can't remove: the program it is part of. */
function closing({ entry }: Start, all: boolean): string[] {
  if (!all) return ["What you did not choose stays."];
  const npm = entry.includes("node_modules") ? " npm uninstall -g @agora/cli removes this program." : "";
  return [`Nothing of Agora runs on this machine any more.${npm}`];
}
