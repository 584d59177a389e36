// One connected page: makes requests of its room's daemon in the daemon's own language, line by line over a WebSocket, and
// receives what the daemon pushes. It has the daemon as long as it is there, and is closed with it: a page dials again.
import { askAgain, type Client, type Push, type RequestName } from "@agora/ipc";
import { fail, type Result } from "@agora/protocol";
import { WebSocket } from "ws";
import { MAX_CLOSE_REASON_BYTES, MAX_IN_FLIGHT, MAX_UNSENT_BYTES, REQUEST_MS } from "./limits.ts";
import { argumentsOf } from "./requests.ts";
import type { Uploads } from "./uploads.ts";

/** The daemon can't be reached; the reason is a sentence for the person. */
export const ROOM_AWAY = 4404;

/** A page, as the server sees it. */
export interface LivePage {
  readonly holder: string;
  /** Pushes to the page; one that doesn't read is dropped. */
  push(push: Push): void;
  /** Resolves when running requests have finished. */
  idle(): Promise<void>;
  close(code: number, why: string): void;
}

/** Serves one page, which watches the room's lines and its state. */
export function serveLive(
  socket: WebSocket,
  holder: string,
  open: () => Promise<Result<Client>>,
  uploads: Uploads,
  isClosing: () => boolean,
): LivePage {
  const running = new Set<Promise<void>>();
  const isOpen = (): boolean => socket.readyState === WebSocket.OPEN;
  const write = (value: unknown): void => {
    if (!isOpen()) return;
    if (socket.bufferedAmount > MAX_UNSENT_BYTES) return socket.terminate();
    socket.send(JSON.stringify(value));
  };
  const connections: Client[] = [];
  const connect = async (): Promise<Result<Client>> => {
    const client = await open();
    if (client.ok) {
      connections.push(client.value);
      if (!isOpen()) client.value.close();
    }
    return client;
  };
  const idle = async (): Promise<void> => void (await Promise.all(running));
  const daemon = watch(connect, write, idle, (code, why) => socket.close(code, why));

  const answer = async (text: string): Promise<void> => {
    const request = readRequest(text);
    if (request === undefined) return socket.close(1008, "not a request");
    const { id: number, name, args } = request;
    const allowed = argumentsOf(name, args, (upload) => uploads.pathOf(upload));
    let result: Result<unknown>;
    if (allowed === undefined) result = fail("bad-request", "The console may not ask for that.");
    else if (isClosing()) result = fail("moved", "The console leaves at this moment: ask again.");
    else if (running.size > MAX_IN_FLIGHT) result = fail("refused", "Too many requests wait: let some end first.");
    else {
      const client = await daemon;
      result = client.ok
        ? await askAgain(client.value, connect as never)(name as RequestName, allowed as never, {
            timeoutMs: REQUEST_MS,
          })
        : client;
    }
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
    for (const client of connections) client.close();
  });
  return {
    holder,
    push: write,
    idle,
    close: (code, why) => socket.close(code, why),
  };
}

/**
 * Connects, and passes on what the daemon pushes; closes the page when the daemon isn't there, or has left: then once what the
 * page asked meanwhile is answered, if need be by the successor.
 */
async function watch(
  connect: () => Promise<Result<Client>>,
  push: (push: Push) => void,
  idle: () => Promise<void>,
  close: (code: number, why: string) => void,
): Promise<Result<Client>> {
  const client = await connect();
  if (!client.ok) {
    close(ROOM_AWAY, short(client.message));
    return client;
  }
  client.value.onPush(push);
  void client.value.closed.then(idle).then(() => close(1012, "the daemon leaves"));
  void client.value.request("watch", {});
  void client.value.request("watchState", { via: "console" });
  return client;
}

/** A close reason has 123 bytes at most. */
function short(sentence: string): string {
  let text = sentence;
  while (Buffer.byteLength(text) > MAX_CLOSE_REASON_BYTES) text = text.slice(0, -1);
  return text;
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
