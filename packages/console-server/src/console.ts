// The console's server: only on loopback, on a random path. It serves the page to anybody on this machine, and the person's
// rooms to browsers that were admitted by a code. Each room has a path of its own below that one.
import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { createPage } from "@agora/console-page";
import type { Client, Push } from "@agora/ipc";
import type { Cancel, Clock } from "@agora/ports";
import { isId, type Result } from "@agora/protocol";
import { WebSocketServer } from "ws";
import { type Admission, createAdmission, type Kept } from "./admission.ts";
import { type Download, sendFile } from "./downloads.ts";
import { createGuard, guardHeaders } from "./guard.ts";
import { IDLE_MS, MAX_CODE_BYTES, MAX_PAGES, MAX_REQUEST_BYTES, PING_MS } from "./limits.ts";
import { type LivePage, serveLive } from "./live.ts";
import { createUploads } from "./uploads.ts";

/** One of the person's rooms. */
export interface ConsoleRoom {
  /** Connects to its daemon as the person; each page has a connection of its own, and closes it. */
  open(): Promise<Result<Client>>;
  /** Where an event's file is, and its name. */
  fileOf(id: string): Promise<Download | undefined>;
  /** The largest file that may be sent there, bytes. */
  maxFileBytes(): number;
}

/** What the hub provides. */
export interface ConsoleHost {
  /** The room with this id, of letters and digits. */
  room(id: string): ConsoleRoom | undefined;
  /** The id of the room to show first. */
  firstRoom(): string | undefined;
  /** Pushes the list of rooms to a page at room `here`, now and when it changes. */
  watchRooms(here: string, push: (push: Push) => void): Cancel;
  readonly clock: Clock;
  /** What was stored last time, and how to store it. */
  readonly kept: Kept | undefined;
  readonly keep: (kept: Kept) => void;
}

export interface ConsoleServer extends AsyncDisposable {
  readonly port: number;
  /** A one-time address that opens the console at a room. */
  enter(room: string): string;
  /** Pages connected now. */
  readonly pages: number;
  /** Whether a browser may come back: it was admitted once and hasn't left. */
  readonly isExpected: boolean;
}

/** What a path below the console's own means. */
const IN_ROOM = /^r\/(\w{1,40})\/(.*)$/s;

/** Starts the console; on its previous port, if that is free. */
export async function openConsole(host: ConsoleHost): Promise<ConsoleServer> {
  const place = host.kept?.place ?? `/${randomBytes(9).toString("base64url")}/`;
  const server = createServer();
  const port = await listen(server, host.kept?.port ?? 0);
  const admission = createAdmission({
    place,
    admitted: host.kept?.admitted ?? {},
    clock: host.clock,
    keep: (admitted) => host.keep({ port, place, admitted }),
  });
  const guard = createGuard(port);
  const headers = guardHeaders(port);
  const page = createPage();
  const uploads = createUploads(host.clock);
  const live = new Set<LivePage>();
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_REQUEST_BYTES, perMessageDeflate: false });

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    if (!guard.isHost(request)) return refuse(response, 421, guard.hostSentence);
    const path = (request.url ?? "/").split("?", 1)[0]!;
    if (!path.startsWith(place)) return refuse(response, 404, "There is nothing here.");
    if (path === place) return toFirst(response);
    const [, id = "", rest = ""] = IN_ROOM.exec(path.slice(place.length)) ?? [];
    const room = host.room(id);
    if (room === undefined) return refuse(response, 404, "This room is not on the list now: run agora console again.");
    if (request.method === "GET" || request.method === "HEAD") {
      const file = /^file\/([\w-]+)$/.exec(rest)?.[1];
      if (file === undefined) {
        if (!page.answer(rest, request, response)) refuse(response, 404, "There is nothing here.");
        return;
      }
      if (guard.isForeign(request) || admission.holder(request) === undefined)
        return refuse(response, 403, "Open the console first.");
      const found = isId(file) ? await room.fileOf(file) : undefined;
      if (found === undefined || !(await sendFile(response, found)))
        refuse(response, 404, "This file is not here, or not as it came.");
      return;
    }
    if (request.method !== "POST") return refuse(response, 405, "Only GET and POST are answered here.");
    if (!guard.isOwnPage(request)) return refuse(response, 403, "Only the console's own page may do that.");
    if (rest === "enter") return enter(admission, request, response);
    const holder = admission.holder(request);
    if (holder === undefined) return refuse(response, 403, "Open the console first.");
    if (rest === "leave") {
      admission.dismiss(holder);
      for (const one of live) if (one.holder === holder) one.close(4001, "left");
      return say(response, 200, {});
    }
    const name = /^upload\/(.{1,1000})$/.exec(rest)?.[1];
    if (name === undefined) return refuse(response, 404, "There is nothing here.");
    const taken = await uploads.take(request, decode(name), room.maxFileBytes());
    return taken.ok
      ? say(response, 200, { upload: taken.value })
      : refuse(response, taken.code === "too-long" ? 413 : 503, taken.message);
  };

  const toFirst = (response: ServerResponse): void => {
    const first = host.firstRoom();
    if (first === undefined) return refuse(response, 404, "No project of yours is in a room: agora start joins one.");
    response.writeHead(302, { location: `${place}r/${first}/`, "cache-control": "no-store" });
    response.end();
  };
  server.on("request", (request, response) => {
    answer(request, response).catch(() => {
      if (response.headersSent) response.destroy();
      else refuse(response, 500, "Internal error: nothing was done.");
    });
  });
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on("error", () => socket.destroy());
    const holder = admission.holder(request);
    const path = request.url ?? "";
    const [, id = "", rest] = (path.startsWith(place) && IN_ROOM.exec(path.slice(place.length))) || [];
    const room = rest === "live" ? host.room(id) : undefined;
    const isLet = guard.isHost(request) && guard.isOwnPage(request) && holder !== undefined;
    if (!isLet || room === undefined || live.size >= MAX_PAGES) {
      return void socket.end("HTTP/1.1 403 Forbidden\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
    }
    sockets.handleUpgrade(request, socket, head, (ws) => {
      const one = serveLive(
        ws,
        holder,
        () => room.open(),
        uploads,
        () => closing !== undefined,
      );
      const stopRooms = host.watchRooms(id, (push) => one.push(push));
      live.add(one);
      let isAlive = true;
      ws.on("pong", () => {
        isAlive = true;
      });
      const stopPings = host.clock.every(PING_MS, () => {
        if (!isAlive) return ws.terminate();
        isAlive = false;
        ws.ping();
      });
      ws.on("close", () => {
        live.delete(one);
        stopPings();
        stopRooms();
      });
    });
  });

  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    await Promise.resolve(); // from now on `closing` is assigned
    const ended = new Promise<void>((resolve) => server.close(() => resolve()));
    const pages = [...live];
    live.clear();
    await Promise.race([
      Promise.all(pages.map((one) => one.idle())),
      new Promise<void>((resolve) => void host.clock.after(IDLE_MS, resolve)),
    ]);
    for (const one of pages) one.close(1012, "the console leaves");
    server.closeIdleConnections();
    const cancel = host.clock.after(500, () => {
      for (const ws of sockets.clients) ws.terminate();
      server.closeAllConnections();
    });
    await ended;
    cancel();
    await uploads.close();
  };
  return {
    port,
    enter: (room) => `http://127.0.0.1:${port}${place}r/${room}/#code=${admission.issue()}`,
    get pages() {
      return live.size;
    },
    get isExpected() {
      return admission.isExpected;
    },
    [Symbol.asyncDispose]: () => (closing ??= close()),
  };
}

/** Exchanges a code for a cookie. */
async function enter(admission: Admission, request: IncomingMessage, response: ServerResponse): Promise<void> {
  let code = "";
  for await (const piece of request as AsyncIterable<Buffer>) {
    code += piece.toString("latin1");
    if (code.length > MAX_CODE_BYTES) return refuse(response, 413, "This is no code.");
  }
  const cookie = admission.redeem(code);
  if (cookie === undefined)
    return refuse(response, 403, "This code was used already or is too old: run agora console again.");
  response.setHeader("set-cookie", cookie);
  say(response, 200, {});
}

function say(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8", "cache-control": "no-store" });
  response.end(JSON.stringify(value));
}

function refuse(response: ServerResponse, status: number, message: string): void {
  if (status === 413) response.setHeader("connection", "close");
  say(response, status, { message });
}

function decode(word: string): string {
  try {
    return decodeURIComponent(word);
  } catch {
    return "file";
  }
}

/** Listens on loopback: on the wanted port, or on a free one if that is taken. */
async function listen(server: Server, wish: number): Promise<number> {
  const attempt = (port: number): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen({ port, host: "127.0.0.1" }, () => {
        server.off("error", reject);
        resolve();
      });
    });
  try {
    await attempt(wish);
  } catch (error) {
    if (wish === 0) throw error;
    await attempt(0);
  }
  server.unref();
  return (server.address() as AddressInfo).port;
}
