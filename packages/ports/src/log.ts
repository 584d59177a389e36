// What a part may log about itself. Never a message's text, never a token.
import { closeSync, constants, lstatSync, renameSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { isOwnFolder, NotOurFile, openOwnFile } from "./own-file.ts";

/** Small facts that go with a log line. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

export interface Log {
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
}

const MAX_LOG_BYTES = 2 * 1024 * 1024;

const APPEND = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT;

/**
 * A log of JSON lines in `path`; at 2 MB it starts over and keeps one older file. A full disk silences it. Anything there
 * that isn't a plain file of ours is moved to `<path>.not-ours`, never written through.
 */
export function fileLog(path: string, now: () => number = Date.now): Log {
  let bytes = sizeOf(path);
  const write = (level: string, event: string, fields?: LogFields): void => {
    const line = `${JSON.stringify({ at: new Date(now()).toISOString(), level, event, ...fields })}\n`;
    try {
      if (!isOwnFolder(dirname(path))) return;
      if (bytes > MAX_LOG_BYTES) {
        renameSync(path, `${path}.1`);
        bytes = 0;
      }
      bytes += appendTo(path, line);
    } catch {
      // A log that can't be written must not stop the work it describes.
    }
  };
  return {
    info: (event, fields) => write("info", event, fields),
    warn: (event, fields) => write("warn", event, fields),
  };
}

function appendTo(path: string, line: string): number {
  let fd: number;
  try {
    fd = openOwnFile(path, APPEND);
  } catch (error) {
    if (!(error instanceof NotOurFile)) throw error;
    renameSync(path, `${path}.not-ours`);
    fd = openOwnFile(path, APPEND);
  }
  try {
    return writeSync(fd, line);
  } finally {
    closeSync(fd);
  }
}

function sizeOf(path: string): number {
  return lstatSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** A log that discards everything. */
export const silentLog: Log = { info: () => undefined, warn: () => undefined };
