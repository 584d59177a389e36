// `agora` on the person's PATH: a link in their own folder of programs to a small script in the home, which starts the copy
// of the executable kept there. A plugin's folder disappears with its next update; the home stays.
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { basename, delimiter, dirname, join } from "node:path";
import { fail, type Home, ok, replacePrivate } from "@agora/user-config";
import { replaceFile } from "@agora/ports/replace-file";
import { readText } from "@agora/ports/read-text";
import type { Result } from "@agora/protocol";
import type { World } from "./client.ts";

/** Where the link is, where it points, and what has to happen for a shell to find it. */
export interface ShellLink {
  readonly link: string;
  readonly script: string;
  /** `there`: it points to our script; `free`: nothing is there; `foreign`: something else has the name. */
  readonly state: "there" | "free" | "foreign";
  /** Whether the link's folder is on the PATH. */
  readonly onPath: boolean;
  /** Another `agora` that a shell finds first. */
  readonly before?: string;
  /** The line that puts the folder on the PATH, and the shell startup file it belongs in. */
  readonly rc: { readonly file: string; readonly line: string };
}

type ShellWorld = Pick<World, "env" | "homedir" | "platform"> & {
  /** A folder to ignore: a plugin's own programs are on the PATH of its client's shells, but not of a terminal. */
  readonly plugin?: string;
};

/** Looks; writes nothing. */
export function findShellLink(home: Home, { env, homedir, platform, plugin }: ShellWorld): ShellLink {
  const isWindows = platform === "win32";
  const script = join(home.path, "bin", isWindows ? "agora.cmd" : "agora");
  // On Windows links need privileges, so the script's own folder goes on the PATH.
  const folder = isWindows ? dirname(script) : join(homedir, ".local", "bin");
  const link = join(folder, basename(script));
  const path = (env["PATH"] ?? "").split(delimiter).filter((dir) => dir !== plugin);
  const at = path.indexOf(folder);
  const before = (at < 0 ? path : path.slice(0, at)).map((dir) => join(dir, basename(script))).find(isExecutable);
  return {
    link,
    script,
    state: stateOf(link, script),
    onPath: at >= 0,
    ...(before === undefined ? {} : { before }),
    rc: rcOf(folder, homedir, env["SHELL"] ?? "", platform),
  };
}

/** Creates the link. `node` runs the program where the PATH has none. */
export async function makeShellLink(found: ShellLink, program: string, node: string): Promise<Result<void>> {
  if (found.state === "foreign")
    return fail("not-ours", `${found.link} is there already and not Agora's: move it away, then try again.`);
  const written = await replacePrivate(found.script, scriptOf(found.script, program, node));
  if (!written.ok) return written;
  try {
    chmodSync(found.script, 0o755);
    if (found.link === found.script || found.state === "there") return ok(undefined);
    mkdirSync(dirname(found.link), { recursive: true });
    symlinkSync(found.script, found.link);
    return ok(undefined);
  } catch (error) {
    return fail(
      "disk",
      `${found.link} could not be made: ${error instanceof Error ? error.message : "unknown reason"}.`,
    );
  }
}

/** Removes the link if it is ours. */
export function removeShellLink({ link, script, state }: ShellLink): void {
  if (state === "there" && link !== script) rmSync(link, { force: true });
}

/** Whether the line is in the shell's startup file. */
export function hasRcLine({ rc }: ShellLink): boolean {
  try {
    return readText(rc.file).split(/\r?\n/).includes(rc.line);
  } catch {
    return false;
  }
}

/** Removes our line from the shell's startup file, with the empty line before it. */
export function removeRcLine({ rc }: ShellLink): void {
  const text = readFileSync(rc.file, "utf8");
  const block = `\n${rc.line}\n`;
  replaceFile(rc.file, text.includes(block) ? text.replace(block, () => "") : text.replace(rc.line, () => ""));
}

const MARK = "# added by agora";

function rcOf(folder: string, homedir: string, shell: string, platform: NodeJS.Platform): ShellLink["rc"] {
  if (platform === "win32") return { file: "the PATH of your account", line: folder }; // set in the system's own window, or by setx
  const shown = folder.startsWith(`${homedir}/`) ? `$HOME${folder.slice(homedir.length)}` : folder;
  const line = `export PATH="${shown}:$PATH"  ${MARK}`;
  switch (basename(shell)) {
    case "zsh":
      return { file: join(homedir, ".zshrc"), line };
    case "fish":
      return { file: join(homedir, ".config", "fish", "config.fish"), line: `fish_add_path "${shown}"  ${MARK}` };
    case "bash":
      return { file: join(homedir, platform === "darwin" ? ".bash_profile" : ".bashrc"), line };
    default:
      return { file: join(homedir, ".profile"), line };
  }
}

function scriptOf(script: string, program: string, node: string): string {
  if (script.endsWith(".cmd"))
    return `@echo off\r\nrem Agora, by "agora install shell"\r\nwhere node >nul 2>nul && (node "${program}" %*) || ("${node}" "${program}" %*)\r\n`;
  return [
    "#!/bin/sh",
    '# Agora, by "agora install shell": starts the copy of the program that the home keeps.',
    `node=$(command -v node) || node=${quoted(node)}`,
    `exec "$node" ${quoted(program)} "$@"`,
    "",
  ].join("\n");
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

function stateOf(link: string, script: string): ShellLink["state"] {
  const stat = lstatSync(link, { throwIfNoEntry: false });
  if (stat === undefined) return "free";
  if (link === script) return "there";
  return stat.isSymbolicLink() && readlinkSync(link) === script ? "there" : "foreign";
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return existsSync(path);
  } catch {
    return false;
  }
}
