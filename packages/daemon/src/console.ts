// The web console of this daemon's member: opened when the person asks, and reopened by a later daemon while an admitted
// browser may come back. Its server is loaded only then.
import { join } from "node:path";
import { type Home, readPrivate, replacePrivate, socketPath } from "@agora/user-config";
import type { ConsoleServer, Kept } from "@agora/console-server";
import type { Handlers, IpcCode, Results } from "@agora/ipc";
import type { Clock, Log } from "@agora/ports";
import { fail, ok, type Result } from "@agora/protocol";
import type { Room } from "@agora/member";

export interface Console {
  /** Serves it, and returns a one-time address that opens it. */
  enter(): Promise<Result<Results["console"], IpcCode>>;
  /** Serves it again if it was served before and somebody may come back. */
  resume(): Promise<void>;
  close(): Promise<void>;
}

/** Creates the console; nothing listens yet. */
export function createConsole(options: {
  readonly home: Home;
  readonly project: string;
  readonly version: string;
  readonly handlers: Handlers;
  readonly room: () => Promise<Room>;
  readonly clock: Clock;
  readonly log: Log;
}): Console {
  const { version, log, clock } = options;
  const file = socketPath(options.home, options.project).consoleFile;
  let opening: Promise<ConsoleServer> | undefined;

  const open = async (): Promise<ConsoleServer> => {
    const room = await options.room();
    const { openConsole } = await import("@agora/console-server");
    const { REQUESTS } = await import("@agora/ipc/requests");
    return openConsole({
      carrier: {
        handlers: Promise.resolve(options.handlers),
        requests: REQUESTS,
        gate: { pass: (_, work) => work() },
        version,
        log,
      },
      clock,
      maxFileBytes: room.files.maxBytes,
      fileOf(id) {
        const state = room.files.stateOf(id);
        if (state?.path === undefined) return undefined;
        const { name, size, sha256 } = state;
        return { path: join(room.project, state.path), name, size, sha256 };
      },
      kept: readKept(file),
      keep(kept) {
        void replacePrivate(file, JSON.stringify(kept)).then((saved) => {
          if (!saved.ok) log.warn("console.not-kept", { message: saved.message });
        });
      },
    });
  };
  const openOnce = (): Promise<ConsoleServer> =>
    (opening ??= open().catch((error: unknown) => {
      opening = undefined;
      throw error;
    }));
  return {
    async enter() {
      try {
        return ok({ url: (await openOnce()).enter() });
      } catch (error) {
        return fail(
          "refused",
          `The console can't be served: ${error instanceof Error ? error.message : String(error)}.`,
        );
      }
    },
    async resume() {
      const kept = readKept(file);
      if (kept === undefined || Object.keys(kept.admitted).length === 0) return;
      await openOnce().catch((error: unknown) => log.warn("console.not-resumed", { message: String(error) }));
    },
    async close() {
      const server = await opening?.catch(() => undefined);
      await server?.[Symbol.asyncDispose]();
    },
  };
}

function readKept(file: string): Kept | undefined {
  const text = readPrivate(file, true);
  if (!text.ok || text.value === undefined) return undefined;
  try {
    const kept = JSON.parse(text.value) as Kept;
    const isWhole =
      Number.isInteger(kept.port) && /^\/[\w-]{12}\/$/.test(kept.place) && typeof kept.admitted === "object";
    return isWhole ? kept : undefined;
  } catch {
    return undefined;
  }
}
