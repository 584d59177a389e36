// The project's `.agora` folder: ours alone (0700), never a link, ignored by git.
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fail, ok, type Result } from "@agora/protocol";
import writeFileAtomic from "write-file-atomic";

/** The paths inside the folder. */
export interface Folder {
  readonly path: string;
  readonly files: string;
  /** Copies of what was sent, kept until their recipients have them. */
  readonly sent: string;
  readonly log: string;
  readonly presence: string;
  readonly checkpoint: string;
}

/** Makes the project's folder when it is missing; refuses one that is a link, another user's or not writable. */
export function openFolder(project: string): Result<Folder, "disk"> {
  return openFolderAt(join(project, ".agora"));
}

/** The same at a path of its own: a member without a project. */
export function openFolderAt(path: string): Result<Folder, "disk"> {
  const folder: Folder = {
    path,
    files: join(path, "files"),
    sent: join(path, "sent"),
    log: join(path, "daemon.log"),
    presence: join(path, "presence.json"),
    checkpoint: join(path, "checkpoint.json"),
  };
  try {
    for (const dir of [folder.path, folder.files, folder.sent]) {
      mkdirSync(dir, { recursive: true, mode: 0o700 });
      const stat = lstatSync(dir);
      if (stat.isSymbolicLink() || !stat.isDirectory())
        return fail("disk", `${dir} is a link or no folder: remove it, Agora writes only into a folder of its own.`);
      if (process.getuid !== undefined && stat.uid !== process.getuid())
        return fail("disk", `${dir} belongs to another user: Agora can't keep the room's history there.`);
      chmodSync(dir, 0o700);
    }
    const ignore = join(path, ".gitignore");
    if (!existsSync(ignore)) writeFileSync(ignore, "*\n", { mode: 0o600 });
    return ok(folder);
  } catch (error) {
    return fail(
      "disk",
      `The folder ${path} can't be used (${error instanceof Error ? error.message : String(error)}): make it writable.`,
    );
  }
}

/** Which room the journals in a folder are of. */
export interface RoomMark {
  readonly origin: string;
  readonly room: string;
  readonly name: string;
}

/**
 * Marks the folder as this room's. Journals of another room (the person joined elsewhere) are moved to `rooms/<name>`,
 * whole: they are never mixed and never lost. Gives where they went.
 */
export function claimFolder(folder: Folder, mark: RoomMark, now: number): Result<string | undefined, "disk"> {
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
        if (/^(history|outbox|inbox)(-\d+)?\.jsonl|^checkpoint\.json$/.test(file))
          renameSync(join(folder.path, file), join(moved, file));
      }
    }
    writeFileAtomic.sync(path, `${JSON.stringify(mark)}\n`, { mode: 0o600 });
    return ok(moved);
  } catch (error) {
    return fail(
      "disk",
      `The folder ${folder.path} can't be used (${error instanceof Error ? error.message : String(error)}): make the project's folder writable.`,
    );
  }
}
