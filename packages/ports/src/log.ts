// What a part may say about its own running. Never a message's text, never a token.
import { appendFileSync, renameSync, statSync } from "node:fs";

/** Small facts that belong to a line of log. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

export interface Log {
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
}

const MAX_LOG_BYTES = 2 * 1024 * 1024;

/** A log of JSON lines in `path`; at 2 MB it begins anew and keeps one older file. A full disk silences it. */
export function fileLog(path: string, now: () => number = Date.now): Log {
  let bytes = sizeOf(path);
  const write = (level: string, event: string, fields?: LogFields): void => {
    const line = `${JSON.stringify({ at: new Date(now()).toISOString(), level, event, ...fields })}\n`;
    try {
      if (bytes > MAX_LOG_BYTES) {
        renameSync(path, `${path}.1`);
        bytes = 0;
      }
      appendFileSync(path, line, { mode: 0o600 });
      bytes += line.length;
    } catch {
      // A log that can't be written must not stop the work it speaks of.
    }
  };
  return {
    info: (event, fields) => write("info", event, fields),
    warn: (event, fields) => write("warn", event, fields),
  };
}

function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch {
    return 0;
  }
}

/** A log that keeps nothing. */
export const silentLog: Log = { info: () => undefined, warn: () => undefined };
