// `agora install shell`: puts the program on the PATH, for people who installed only a plugin. A shell startup file is
// edited after a yes, never otherwise.
import { appendFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fail, userFolder } from "@agora/user-config";
import { findShellLink, hasRcLine, makeShellLink, type ShellLink } from "@agora/install";
import { askYes } from "../ask.ts";
import { keptProgram } from "../kept-bundle.ts";
import { terminalHome } from "../terminal-home.ts";
import { type ExitCode, print, printFailure, printJson, type Start } from "../terminal.ts";
import type { InstallFlags } from "./install.ts";

/** Creates the link, or with `--dry-run` says what it would create. */
export async function installShell(start: Start, flags: InstallFlags): Promise<ExitCode> {
  const json = flags.json === true;
  const accepted = terminalHome(start);
  if (!accepted.ok) return printFailure(accepted, json);
  const home = accepted.value;
  const plugin = join(dirname(dirname(start.entry)), "bin");
  const world = { env: start.env, homedir: userFolder(start.env), platform: process.platform, plugin };
  const found = findShellLink(home, world);
  const say = (...lines: string[]): void => {
    if (!json) print(...lines);
  };
  if (flags.uninstall === true)
    return printFailure(fail("usage", "agora uninstall takes the link out again, with what else you choose."), json);
  if (flags.dryRun === true) {
    say(`Would link ${found.link} → ${found.script}`, ...advice(found));
    return done(found, false, json);
  }
  const program = keptProgram(home, start.entry);
  if (!program.ok) return printFailure(program, json);
  const made = await makeShellLink(found, program.value, process.execPath);
  if (!made.ok) return printFailure(made, json);
  say(`${found.link} starts agora now, from a copy in ${home.path} that stays when a plugin is updated.`);
  if (found.onPath || hasRcLine(found)) say(...advice(found));
  else if (process.platform !== "win32" && (await askYes(start.env, `Add "${found.rc.line}" to ${found.rc.file}?`))) {
    appendFileSync(found.rc.file, `\n${found.rc.line}\n`);
    say(`Added to ${found.rc.file}: a new terminal finds agora.`);
  } else say(...advice(found));
  return done(found, true, json);
}

function done(found: ShellLink, written: boolean, json: boolean): ExitCode {
  const { link, script, onPath, rc } = found;
  if (json) printJson({ link, program: script, written, onPath, ...(onPath ? {} : { add: rc }) });
  return 0;
}

/** What the person still has to know or do. */
function advice(found: ShellLink): string[] {
  if (found.before !== undefined)
    return [`A shell finds ${found.before} first: remove that one if it is not the one you want.`];
  if (found.onPath) return [];
  if (hasRcLine(found)) return [`${found.rc.file} has its folder on the PATH already: a new terminal finds agora.`];
  return [
    `Its folder is not on your PATH. Add this to ${found.rc.file}, then open a new terminal:`,
    `  ${found.rc.line}`,
  ];
}
