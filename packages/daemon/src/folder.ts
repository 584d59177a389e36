// Where a member stores what it remembers, and what people see of it: only ours (0700), never a link, ignored by git.
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
  /** What it must be able to trust: its journals and the rest of its memory. */
  readonly path: string;
  readonly checkpoint: string;
  /** Copies of what was sent, kept until their recipients have them. */
  readonly sent: string;
  /** Files still being received. */
  readonly parts: string;
  /** Received files, for people and agents to open. */
  readonly files: string;
  readonly log: string;
  readonly presence: string;
}

/**
 * The folder of a member without a project, all in one place; created if missing. Refuses one that is a link, another user's
 * or not writable, and one written by a newer version.
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

/** The folder of a project's member: its memory in the home, and `.agora` in the project, which the mirror creates. */
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

/** Refuses a `.agora` that is a link, not a folder, or another user's; a missing one is fine. */
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

/** A key created within this time can't have been used with another journal. */
const JUST_MADE_MS = 60_000;

/** What was found when the folder was claimed. */
export interface Claim {
  readonly mark: RoomMark;
  /** There was no journal of this room. */
  readonly fresh: boolean;
  /** Where the journals of another room were moved. */
  readonly moved?: string;
}

/**
 * Marks the folder as this room's. Journals of another room (the person joined elsewhere) are moved whole to `rooms/<name>`:
 * they are never mixed and never lost. `keyMadeAt` tells whether the key was used before: if so and its journal is gone, our
 * own seqs continue above the present time, so that none is used twice. The same goes for a copy of the folder, which lacks
 * what was said in the original since.
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
      ...(isCopy ? { seqBase: now, seqBaseWhy: "folder-copied" as const } : {}),
      ...(fresh && isKeyOlder ? { seqBase: now, seqBaseWhy: "journals-lost" as const } : {}),
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

/** Records more about the folder's room; throws when the disk doesn't take it. */
export function noteRoom(folder: Folder, mark: RoomMark): void {
  replaceFile(join(folder.path, "room.json"), `${JSON.stringify(mark)}\n`, { mode: 0o600 });
}
