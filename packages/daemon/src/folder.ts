// Where a member keeps what it remembers, and what people find of it: ours alone (0700), never a link, ignored by git.
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  type Stats,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { replaceFile } from "@agora/ports/replace-file";
import { fail, ok, type Result } from "@agora/protocol";
import { FORMAT } from "@agora/member";
import { checkFormats } from "./formats.ts";
import type { RoomMark } from "@agora/member";

/** The paths of a member's files. */
export interface Folder {
  /** What it must be able to believe: its journals and the rest of its memory. */
  readonly path: string;
  readonly checkpoint: string;
  /** Copies of what was sent, kept until their recipients have them. */
  readonly sent: string;
  /** Files that are still coming in. */
  readonly parts: string;
  /** What came, for people and agents to open. */
  readonly files: string;
  readonly log: string;
  readonly presence: string;
}

/**
 * The folder of a member without a project, all in one place; made when it is missing. Refuses one that is a link, another
 * user's or not writable, and one that a newer version has written.
 */
export function openFolderAt(path: string): Result<Folder, "disk"> {
  const files = join(path, "files");
  const folder = folderOf(path, { path, files, parts: files });
  try {
    for (const dir of [folder.path, folder.files, folder.sent]) {
      const made = ensureOwn(dir);
      if (!made.ok) return made;
    }
    const ignore = join(path, ".gitignore");
    if (!existsSync(ignore)) writeFileSync(ignore, "*\n", { mode: 0o600 });
    const formats = checkFormats(path);
    return formats.ok ? ok(folder) : formats;
  } catch (error) {
    return unusable(path, error);
  }
}

/** The folder of a project's member: its memory in the home, and `.agora` in the project, which the mirror makes. */
export function openMemoryFolder(memory: string, shown: string): Result<Folder, "disk"> {
  const folder = folderOf(memory, { path: shown, files: join(shown, "files"), parts: join(memory, "parts") });
  try {
    for (const dir of [folder.path, folder.sent, folder.parts]) {
      const made = ensureOwn(dir);
      if (!made.ok) return made;
    }
    const formats = checkFormats(memory);
    return formats.ok ? ok(folder) : formats;
  } catch (error) {
    return unusable(memory, error);
  }
}

/** Refuses a `.agora` that is a link, no folder, or another user's; one that is missing is fine. */
export function checkShown(path: string): Result<void, "disk"> {
  try {
    const stat = lstatSync(path, { throwIfNoEntry: false });
    return stat === undefined ? ok(undefined) : checkOwn(path, stat);
  } catch (error) {
    return unusable(path, error);
  }
}

function folderOf(
  memory: string,
  shown: { readonly path: string; readonly files: string; readonly parts: string },
): Folder {
  return {
    path: memory,
    checkpoint: join(memory, "checkpoint.json"),
    sent: join(memory, "sent"),
    parts: shown.parts,
    files: shown.files,
    log: join(shown.path, "daemon.log"),
    presence: join(shown.path, "presence.json"),
  };
}

function ensureOwn(dir: string): Result<void, "disk"> {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const own = checkOwn(dir, lstatSync(dir));
  if (own.ok) chmodSync(dir, 0o700);
  return own;
}

function checkOwn(dir: string, stat: Stats): Result<void, "disk"> {
  if (stat.isSymbolicLink() || !stat.isDirectory())
    return fail("disk", `${dir} is a link or no folder: remove it, Agora writes only into a folder of its own.`);
  if (process.getuid !== undefined && stat.uid !== process.getuid())
    return fail("disk", `${dir} belongs to another user: Agora can't keep the room's history there.`);
  return ok(undefined);
}

function unusable(path: string, error: unknown): ReturnType<typeof fail<"disk">> {
  return fail(
    "disk",
    `The folder ${path} can't be used (${error instanceof Error ? error.message : String(error)}): make it writable.`,
  );
}

/** A key made so lately was not used before with another journal. */
const JUST_MADE_MS = 60_000;

/** What was found when the folder was claimed. */
export interface Claim {
  readonly mark: RoomMark;
  /** No journal of this room was here. */
  readonly fresh: boolean;
  /** Where the journals of another room went. */
  readonly moved?: string;
}

/**
 * Marks the folder as this room's. Journals of another room (the person joined elsewhere) are moved to `rooms/<name>`,
 * whole: they are never mixed and never lost. `keyMadeAt` tells whether the key was used before: when its journal is gone,
 * own seqs go on above the time of now, so that none is used twice. So they do in a copy of the folder: what was said in the
 * first one since is not in it.
 */
export function claimFolder(folder: Folder, mark: RoomMark, now: number, keyMadeAt = now): Result<Claim, "disk"> {
  const path = join(folder.path, "room.json");
  try {
    const before = existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as RoomMark) : undefined;
    let moved: string | undefined;
    if (
      before !== undefined &&
      (before.origin !== mark.origin || before.room !== mark.room || before.name !== mark.name)
    ) {
      moved = join(folder.path, "rooms", `${before.room}-${before.name}-${now}`);
      mkdirSync(moved, { recursive: true, mode: 0o700 });
      for (const file of readdirSync(folder.path)) {
        if (/^(history|outbox|inbox)(-\d+)?\.jsonl|^checkpoint\.json/.test(file))
          renameSync(join(folder.path, file), join(moved, file));
      }
    }
    const fresh = before === undefined || moved !== undefined;
    const isKeyOlder = now - keyMadeAt > JUST_MADE_MS;
    const own = lstatSync(folder.path).ino;
    const isCopy = !fresh && before.folder !== undefined && before.folder !== own;
    const kept = fresh ? mark : before;
    const claimed = {
      ...kept,
      ...((fresh && isKeyOlder) || isCopy ? { seqBase: now } : {}),
      folder: own,
      v: FORMAT,
    };
    replaceFile(path, `${JSON.stringify(claimed)}\n`, { mode: 0o600 });
    return ok({ mark: claimed, fresh, ...(moved === undefined ? {} : { moved }) });
  } catch (error) {
    return fail(
      "disk",
      `The folder ${folder.path} can't be used (${error instanceof Error ? error.message : String(error)}): make it writable.`,
    );
  }
}

/** Notes more of the room the folder is of; throws when the disk does not take it. */
export function noteRoom(folder: Folder, mark: RoomMark): void {
  replaceFile(join(folder.path, "room.json"), `${JSON.stringify(mark)}\n`, { mode: 0o600 });
}
