// What people find in `.agora`: the newest lines of the journals, the list of members, received files. It is written after
// the home and never read back, so nothing is lost with it. What a `git clean` removed comes back within a second, and what
// a `git pull` put in its place is moved aside.
import { chmodSync, lstatSync, mkdirSync } from "node:fs";
import { basename, join } from "node:path";
import { folderMarkText, type Home } from "@agora/user-config";
import { type Clock, isOwnFolder, type Log } from "@agora/ports";
import type { Folder } from "../folder.ts";
import type { JournalName } from "@agora/member";
import { createJournalMirror } from "./journal-mirror.ts";
import { setAside } from "./set-aside.ts";
import { createTextMirror } from "./text-mirror.ts";

const CHECK_EVERY_MS = 1_000;
const JOURNALS: readonly JournalName[] = ["history", "outbox", "inbox"];
/** An ignore file that lets through nothing but settings is as good as ours. */
const IGNORES_ALL = /^\*\r?\n(?:!(?:settings\.json|\.gitignore)\r?\n)*$/;
/** A version that kept its journals here finds a newer format and touches nothing. */
const FOR_OLDER_VERSIONS = `${JSON.stringify({ v: 2, moved: "what is believed lies in Agora's own folder" })}\n`;
/** How many names the message about findings contains. */
const NAMED = 16;

export interface Mirror {
  /** Takes a line that a journal has; it is written within the turn of the event loop. */
  line(name: JournalName, line: Buffer, offset: number): void;
  /** Writes the list of members. */
  presence(text: string): void;
  /** What is wrong with the folder, or was found in it, as sentences. */
  notices(): readonly string[];
  /** Creates the folder of received files if missing; throws when it isn't ours. */
  ensureFiles(): void;
  close(): void;
}

/** Shows a project's memory in its folder from now on; close it. */
export function openMirror(options: {
  readonly home: Home;
  readonly project: string;
  readonly id: string;
  readonly folder: Folder;
  readonly clock: Clock;
  readonly log: Log;
}): Mirror {
  const { home, project, id, folder, log } = options;
  const shown = join(project, ".agora");
  let found: readonly { readonly what: string; readonly aside: string }[] = [];
  let trouble: string | undefined;
  const told = (what: string, aside: string): void => {
    log.warn("not-ours", { file: what, movedTo: aside });
    found = [...found, { what, aside }].slice(-NAMED);
  };
  const journals = new Map(
    JOURNALS.map((name) => [name, createJournalMirror({ memory: folder.path, name, folder: shown, told })] as const),
  );
  const text = (name: string, isFine?: (text: string) => boolean) =>
    createTextMirror({ path: join(shown, name), told, ...(isFine === undefined ? {} : { isFine }) });
  const ignore = text(".gitignore", (content) => IGNORES_ALL.test(content));
  const [mark, writer, presence] = [text("folder.json"), text("writer.json"), text("presence.json")];
  const formerly = text("room.json");

  const ensureFolder = (): void => {
    if (lstatSync(shown, { throwIfNoEntry: false }) === undefined) mkdirSync(shown, { mode: 0o700 });
    if (!isOwnFolder(shown)) throw new Error(`${shown} is a link, or not a folder of this user: remove it`);
    if ((lstatSync(shown).mode & 0o077) !== 0) chmodSync(shown, 0o700);
  };
  const ensureFiles = (): void => {
    ensureFolder();
    if (isOwnFolder(folder.files)) return;
    const aside = setAside(folder.files);
    if (aside !== undefined) told(basename(folder.files), aside);
    mkdirSync(folder.files, { mode: 0o700 });
  };
  const attempt = (work: () => void): void => {
    try {
      work();
      trouble = undefined;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (message !== trouble) log.warn("mirror", { message });
      trouble = message;
    }
  };
  const check = (): void =>
    attempt(() => {
      ensureFiles();
      ignore.check();
      mark.put(folderMarkText(home, project, id));
      writer.check();
      formerly.check();
      presence.check();
      for (const journal of journals.values()) journal.check();
    });
  let flushing: NodeJS.Immediate | undefined;
  const flush = (): void => {
    flushing = undefined;
    attempt(() => {
      ensureFolder();
      for (const journal of journals.values()) journal.flush();
    });
  };

  attempt(() => {
    ensureFiles();
    ignore.put("*\n");
    formerly.put(FOR_OLDER_VERSIONS);
    writer.put(`${JSON.stringify({ pid: process.pid })}\n`);
  });
  check();
  const stop = options.clock.every(CHECK_EVERY_MS, check);
  return {
    line(name, line, offset) {
      journals.get(name)!.line(line, offset);
      flushing ??= setImmediate(flush);
    },
    presence: (list) =>
      attempt(() => {
        ensureFolder();
        presence.put(list);
      }),
    notices() {
      found = found.filter(({ aside }) => lstatSync(join(shown, aside), { throwIfNoEntry: false }) !== undefined);
      const names = [...new Set(found.map(({ what }) => what))].join(", ");
      return [
        ...(trouble === undefined
          ? []
          : [`What the room says can't be shown in ${shown} (${trouble}); nothing of it is lost.`]),
        ...(names === ""
          ? []
          : [
              `Agora did not write what was in ${shown} as ${names}: it was not read and was renamed to *.not-ours-*; look at it, or remove it.`,
            ]),
      ];
    },
    ensureFiles,
    close() {
      stop();
      if (flushing !== undefined) clearImmediate(flushing);
      flush();
      for (const journal of journals.values()) journal.close();
    },
  };
}
