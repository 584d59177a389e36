// A live room whose files and facts come from a project's folder.
import { replaceFile } from "@agora/ports/replace-file";
import { createMember } from "@agora/member";
import { collectFacts } from "./facts.ts";
import { folderFiles } from "./files/folder-disk.ts";
import type { Folder } from "./folder.ts";
import type { Mirror } from "./mirror/mirror.ts";
import type { Room, MemberOptions } from "@agora/member";

/** What a room in a project's folder is made of. */
export interface FolderRoomOptions extends MemberOptions {
  readonly folder: Folder;
  /** Shows in the project's folder what is stored elsewhere. */
  readonly mirror?: Mirror;
}

/** Wires a room; `start` dials. */
export function createRoom(options: FolderRoomOptions): Room {
  const { project, folder, mirror, settings } = options;
  return createMember(options, {
    files: folderFiles(project.path, folder, () => mirror?.ensureFiles()),
    facts: (now) => collectFacts({ project: project.path, share: settings.share, ...now }),
    ...(mirror === undefined ? {} : { notices: () => mirror.notices() }),
    keepPresence: (text) =>
      Promise.resolve().then(() =>
        mirror === undefined ? replaceFile(folder.presence, text, { mode: 0o600, sync: false }) : mirror.presence(text),
      ),
  });
}
