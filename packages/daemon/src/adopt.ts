// Earlier versions kept their journals in the project's `.agora`. They are moved into the home once, all or nothing, and
// only if the registry already listed the project: what comes with a clone is never taken for a memory.
import {
  constants,
  copyFileSync,
  fsyncSync,
  closeSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { isOwnFile, isOwnFolder } from "@agora/ports";
import { replaceFile } from "@agora/ports/replace-file";
import { fail, ok, type Result } from "@agora/protocol";
import type { RoomMark } from "@agora/member";
import { checkFormats } from "./formats.ts";

/** `none`: nothing was there; `not-ours`: a part of it can't be ours, so all of it was left alone. */
export type Adopted = "adopted" | "none" | "not-ours";

const ACTIVE = /^(?:history|outbox|inbox)\.jsonl$/;
const FULL = /^(?:history|outbox|inbox)-\d{15,16}\.jsonl$/;
const COPY = /^[0-9a-f]{64}$/;

/** Moves the memory in `shown` (a project's `.agora`) to `memory`, which must not exist yet. */
export function adoptJournals(shown: string, memory: string): Result<Adopted, "disk"> {
  try {
    if (!isOwnFolder(shown)) return ok("none");
    const files = oldFiles(shown);
    if (files === undefined) return ok("not-ours");
    if (!files.includes(join(shown, "room.json")) || isMoved(shown)) return ok("none");
    const formats = checkFormats(shown);
    if (!formats.ok) return formats;
    const beside = `${memory}.adopting`;
    rmSync(beside, { recursive: true, force: true }); // left by a daemon that died halfway
    mkdirSync(beside, { recursive: true, mode: 0o700 });
    for (const file of files) take(file, join(beside, relative(shown, file)));
    keepInode(shown, beside);
    for (const dir of new Set(files.map((file) => dirname(join(beside, relative(shown, file)))))) sync(dir);
    renameSync(beside, memory);
    sync(dirname(memory)); // before anything is removed from the old place
    return ok("adopted");
  } catch (error) {
    return fail(
      "disk",
      `What an older agora kept in ${shown} can't be taken over (${error instanceof Error ? error.message : String(error)}): make it readable, and make room.`,
    );
  }
}

/** Removes what was moved; the newest segments stay, for people. */
export function removeAdopted(shown: string): void {
  for (const name of readdirSync(shown)) {
    if (FULL.test(name) || /^(?:checkpoint|room)\.json$|^writer\.lock$|^(?:sent|rooms)$/.test(name))
      rmSync(join(shown, name), { recursive: true, force: true });
  }
}

/** All files of the old memory; undefined if one of them is a link, another user's, or not a plain file. */
function oldFiles(shown: string): readonly string[] | undefined {
  const memory = (dir: string): string[] =>
    namesIn(dir)
      .filter((name) => ACTIVE.test(name) || FULL.test(name) || name === "room.json" || name === "checkpoint.json")
      .map((name) => join(dir, name));
  const [sent, rooms] = [join(shown, "sent"), join(shown, "rooms")];
  const others = namesIn(rooms).map((name) => join(rooms, name));
  const folders = [sent, rooms, ...others].filter((path) => lstatSync(path, { throwIfNoEntry: false }) !== undefined);
  if (!folders.every(isOwnFolder)) return undefined;
  const copies = namesIn(sent).filter((name) => COPY.test(name));
  const files = [shown, ...others].flatMap(memory).concat(copies.map((name) => join(sent, name)));
  return files.every((path) => isOwnFile(lstatSync(path))) ? files : undefined;
}

function namesIn(dir: string): readonly string[] {
  return isOwnFolder(dir) ? readdirSync(dir) : [];
}

/** Full segments and copies never change again, so a hard link will do on the same disk. */
function take(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true, mode: 0o700 });
  const name = basename(from);
  if (FULL.test(name) || COPY.test(name)) {
    try {
      return linkSync(from, to);
    } catch {
      // A different disk, or one without hard links.
    }
  }
  copyFileSync(from, to, constants.COPYFILE_EXCL);
  sync(to, "r+");
}

function sync(path: string, flags = "r"): void {
  let fd: number;
  try {
    fd = openSync(path, flags);
  } catch (error) {
    if (flags === "r") return; // not every system can open a folder
    throw error;
  }
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Whether what is shown here already has its memory in a home. */
function isMoved(shown: string): boolean {
  return "moved" in (JSON.parse(readFileSync(join(shown, "room.json"), "utf8")) as object);
}

/** If a memory was in its own folder, record the new folder as its own; a copy's memory stays a copy's. */
function keepInode(shown: string, memory: string): void {
  const path = join(memory, "room.json");
  const mark = JSON.parse(readFileSync(path, "utf8")) as RoomMark;
  if (mark.folder !== undefined && mark.folder !== lstatSync(shown).ino) return;
  replaceFile(path, `${JSON.stringify({ ...mark, folder: lstatSync(memory).ino })}\n`, { mode: 0o600 });
}
