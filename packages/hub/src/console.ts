// The web console over all rooms: opened when the person asks, and by a later hub while an admitted browser may come back.
import { join } from "node:path";
import type { ConsoleRoom, ConsoleServer } from "@agora/console-server";
import { type Client, openDaemon } from "@agora/ipc";
import type { Clock, Log } from "@agora/ports";
import { fail, ok, type Result } from "@agora/protocol";
import type { Env, Home } from "@agora/user-config";
import { isConsoleExpected, readKept, writeKept } from "./kept-console.ts";
import { ASK_MS, USUAL_FILE_BYTES } from "./limits.ts";
import type { Rooms } from "./rooms.ts";
import { roomId, type WatchedRoom } from "./watched-room.ts";

export interface HubConsole {
  /** Serves it, and gives a one-time address that opens it at a project's room. */
  enter(project: string): Promise<Result<{ readonly url: string }, "refused">>;
  /** Serves it again if a browser may come back. */
  resume(): Promise<void>;
  /** Pages connected now. */
  readonly pages: number;
  readonly isExpected: boolean;
  close(): Promise<void>;
}

/** Creates the console; nothing listens yet. */
export function createConsole(options: {
  readonly home: Home;
  readonly version: string;
  /** The running executable, with which a joined project's daemon is started. */
  readonly bundle: string;
  readonly env: Env;
  readonly rooms: Rooms;
  readonly clock: Clock;
  readonly log: Log;
}): HubConsole {
  const { home, version, bundle, env, rooms, clock, log } = options;
  let opening: Promise<ConsoleServer> | undefined;
  let server: ConsoleServer | undefined;

  const open = async (): Promise<ConsoleServer> => {
    const { openConsole } = await import("@agora/console-server");
    server = await openConsole({
      room(id) {
        const room = rooms.get(id);
        return room === undefined ? undefined : asConsoleRoom(room);
      },
      firstRoom: () => rooms.facts.find(({ state }) => state !== "stopped")?.id,
      watchRooms(here, push) {
        const tell = (): void => push({ push: "rooms", here, rooms: rooms.facts });
        const cancel = rooms.watch(tell);
        tell();
        return cancel;
      },
      clock,
      kept: readKept(home),
      keep(kept) {
        void writeKept(home, kept).then((written) => {
          if (!written.ok) log.warn("console.not-kept", { message: written.message });
        });
      },
    });
    return server;
  };
  const openOnce = (): Promise<ConsoleServer> =>
    (opening ??= open().catch((error: unknown) => {
      opening = undefined;
      throw error;
    }));
  const asConsoleRoom = (room: WatchedRoom): ConsoleRoom => ({
    open: () =>
      room.project.joined
        ? openDaemon({ home, project: room.project.path, version, bundle, env })
        : Promise.resolve(
            fail("not-joined", `You have left this room: "agora start" in ${room.project.path} joins again.`),
          ),
    maxFileBytes: () => room.fileBytes ?? USUAL_FILE_BYTES,
    async fileOf(id) {
      const client = await openDaemon({ home, project: room.project.path, version, bundle, env });
      if (!client.ok) return undefined;
      return fileOf(client.value, room.project.path, id);
    },
  });
  return {
    async enter(project) {
      const id = roomId(home, project);
      if (rooms.get(id)?.project.joined !== true)
        return fail("refused", "This project is not in a room now: agora start joins one.");
      try {
        return ok({ url: (await openOnce()).enter(id) });
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        return fail("refused", `The console can't be served: ${why}.`);
      }
    },
    async resume() {
      if (!isConsoleExpected(home)) return;
      await openOnce().catch((error: unknown) => log.warn("console.not-resumed", { message: String(error) }));
    },
    get pages() {
      return server?.pages ?? 0;
    },
    get isExpected() {
      return server?.isExpected === true;
    },
    async close() {
      await (await opening?.catch(() => undefined))?.[Symbol.asyncDispose]();
    },
  };
}

/** Where a file of the room lies, as its daemon says. */
async function fileOf(client: Client, project: string, id: string): ReturnType<ConsoleRoom["fileOf"]> {
  try {
    const file = await client.request("storedFile", { id }, { timeoutMs: ASK_MS });
    if (!file.ok) return undefined;
    const { path, name, size, sha256 } = file.value;
    return { path: join(project, path), name, size, sha256 };
  } finally {
    client.close();
  }
}
