// One connected page: makes requests in the daemon's own language, line by line over a WebSocket, and receives pushes.
import { type Carrier, carryOut, type Session } from "@agora/ipc";
import type { Cancel } from "@agora/ports";
import { fail, type Result } from "@agora/protocol";
import { WebSocket } from "ws";
import { MAX_IN_FLIGHT, MAX_UNSENT_BYTES } from "./limits.ts";
import { argumentsOf } from "./requests.ts";
import type { Uploads } from "./uploads.ts";

/** A page, as the server sees it. */
export interface LivePage {
  readonly holder: string;
  /** Resolves when running requests have finished. */
  idle(): Promise<void>;
  close(code: number, why: string): void;
}

/** Serves one page, which watches the room's lines and its state. */
export function serveLive(
  socket: WebSocket,
  holder: string,
  id: string,
  carrier: Carrier,
  uploads: Uploads,
  isClosing: () => boolean,
): LivePage {
  const closers = new Set<() => void>();
  const running = new Set<Promise<void>>();
  const isOpen = (): boolean => socket.readyState === WebSocket.OPEN;
  const write = (value: unknown): void => {
    if (!isOpen()) return;
    if (socket.bufferedAmount > MAX_UNSENT_BYTES) return socket.terminate();
    socket.send(JSON.stringify(value));
  };
  const session: Session = {
    id: `console-${id}`,
    get closed() {
      return !isOpen();
    },
    push: write,
    onClose(fn: () => void): Cancel {
      const own = (): void => fn();
      if (isOpen()) closers.add(own);
      else own();
      return () => void closers.delete(own);
    },
  };
  const answer = async (text: string): Promise<void> => {
    const request = readRequest(text);
    if (request === undefined) return socket.close(1008, "not a request");
    const { id: number, name, args } = request;
    const allowed = argumentsOf(name, args, (upload) => uploads.pathOf(upload));
    let result: Result<unknown>;
    if (allowed === undefined) result = fail("bad-request", "The console may not ask for that.");
    else if (isClosing()) result = fail("moved", "The daemon leaves at this moment: ask again.");
    else if (running.size > MAX_IN_FLIGHT) result = fail("refused", "Too many requests wait: let some end first.");
    else result = await carryOut(name, allowed, session, carrier);
    if (result.ok && typeof args["upload"] === "string") uploads.drop(args["upload"]);
    write(
      result.ok
        ? { id: number, ok: true, result: result.value }
        : { id: number, ok: false, code: result.code, message: result.message },
    );
  };
  socket.on("message", (data, isBinary) => {
    if (isBinary) return socket.close(1008, "not a request");
    const work = answer((data as Buffer).toString("utf8")).finally(() => running.delete(work));
    running.add(work);
  });
  socket.on("error", () => socket.terminate());
  socket.on("close", () => {
    for (const fn of closers) fn();
    closers.clear();
  });
  void carryOut("watch", {}, session, carrier);
  void carryOut("watchState", { via: "console" }, session, carrier);
  return {
    holder,
    async idle() {
      await Promise.all(running);
    },
    close: (code, why) => socket.close(code, why),
  };
}

interface PageRequest {
  readonly id: number;
  readonly name: unknown;
  readonly args: Readonly<Record<string, unknown>>;
}

function readRequest(text: string): PageRequest | undefined {
  try {
    const value = JSON.parse(text) as { id?: unknown; do?: unknown; args?: unknown } | null;
    const { id, do: name, args } = value ?? {};
    if (typeof id !== "number" || typeof args !== "object" || args === null) return undefined;
    return { id, name, args: args as Readonly<Record<string, unknown>> };
  } catch {
    return undefined;
  }
}
