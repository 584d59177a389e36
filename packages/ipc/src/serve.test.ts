import { randomBytes } from "node:crypto";
import { connect as connectSocket, createServer, type Socket } from "node:net";
import { dirname, join } from "node:path";
import { fail, ipcSecret, ok } from "@agora/user-config";
import { systemClock } from "@agora/ports";
import type { Result } from "@agora/protocol";
import { manualClock, memoryLog } from "@agora/ports/testing";
import { describe, expect, it } from "vitest";
import { plainHandlers } from "../test/plain-handlers.ts";
import { type Scratch, scratchHome } from "../test/scratch-home.ts";
import { PATIENCE_MS, until } from "../../../test/wait-until.ts";
import { type Client, connect } from "./client.ts";
import { findDaemon } from "./find.ts";
import { encodeLine, readLine } from "./line-codec.ts";
import { MAX_IN_FLIGHT } from "./limits.ts";
import type { IpcCode, Push, Results } from "./messages.ts";
import { prove } from "./proof.ts";
import { openServer, type Server, type ServerOptions } from "./serve.ts";
import type { Handlers, Session } from "./carry-out.ts";

const posix = process.platform !== "win32";

async function serve(at: Scratch, change: Partial<ServerOptions> = {}): Promise<Server> {
  const server = await openServer({
    ...at,
    version: "0.1.0",
    handlers: plainHandlers(),
    log: memoryLog(),
    clock: systemClock,
    ...change,
  });
  if (!server.ok) throw new Error(server.message);
  return server.value;
}

async function dial(at: Scratch): Promise<Client> {
  const client = await findDaemon({ ...at, version: "0.1.0", timeoutMs: PATIENCE_MS });
  if (!client.ok) throw new Error(client.message);
  return client.value;
}

/** A raw client: what it was told, and whether it was hung up on. */
async function rawDial(path: string): Promise<{ socket: Socket; heard: string[]; closed: Promise<void> }> {
  const socket = connectSocket(path);
  const heard: string[] = [];
  socket.on("data", (piece) => heard.push(piece.toString()));
  socket.on("error", () => undefined);
  const closed = new Promise<void>((resolve) => socket.on("close", () => resolve()));
  await new Promise((resolve) => socket.on("connect", resolve));
  return { socket, heard, closed };
}

describe("talking", () => {
  it("asks and is answered, several at once, each its own", async () => {
    const at = await scratchHome();
    const later: (() => void)[] = [];
    const wait = (_: unknown, session: Session): Promise<ReturnType<typeof ok<{ items: []; timedOut: boolean }>>> =>
      new Promise((resolve) => {
        later.push(() => resolve(ok({ items: [], timedOut: session.closed })));
      });
    await using _server = await serve(at, { handlers: plainHandlers({ wait }) });
    await using client = await dial(at);
    expect(client.daemon).toEqual({ pid: process.pid, version: "0.1.0" });
    const slow = client.request("wait", { via: "cli", timeoutS: 9 });
    expect(await client.request("whoami", {})).toMatchObject({ ok: true, value: { name: "alice" } });
    await until("the wait arrived", () => later.length === 1);
    later[0]!();
    expect(await slow).toEqual({ ok: true, value: { items: [], timedOut: false } });
  });
  it("hears pushes, until it says enough; the handler hears the end", async () => {
    const at = await scratchHome();
    let session: Session | undefined;
    const ended: string[] = [];
    const watch = async (_: unknown, own: Session): Promise<Result<Results["watch"], IpcCode>> => {
      session = own;
      own.onClose(() => ended.push("watch"));
      own.onClose(() => ended.push("cancelled"))();
      own.push({ push: "unread", count: 1 });
      return ok({ last: "" });
    };
    await using server = await serve(at, { handlers: plainHandlers({ watch }) });
    const client = await dial(at);
    const pushes: Push[] = [];
    const cancel = client.onPush((push) => pushes.push(push));
    await client.request("watch", {});
    expect(pushes).toEqual([{ push: "unread", count: 1 }]);
    cancel();
    session!.push({ push: "unread", count: 2 });
    await client.request("whoami", {});
    expect(pushes).toHaveLength(1);
    client.close();
    await until("the server noticed", () => server.sessions === 0);
    expect(ended).toEqual(["watch"]);
    session!.onClose(() => ended.push("late"));
    expect(ended).toEqual(["watch", "late"]);
  });
  it("gives failures as they are, and a sentence for bad requests, unknown ones and mistakes of the daemon", async () => {
    const at = await scratchHome();
    const log = memoryLog();
    const trust = async (): Promise<ReturnType<typeof fail<"not-allowed">>> =>
      fail("not-allowed", "Only a person may.");
    await using _server = await serve(at, { log, handlers: plainHandlers({ trust }) });
    await using client = await dial(at);
    expect(await client.request("trust", { via: "tool", name: "bob" })).toEqual(
      fail("not-allowed", "Only a person may."),
    );
    expect(await client.request("say", { via: "cli", to: [] } as never)).toMatchObject({
      code: "bad-request",
      message: expect.stringContaining('"text" of "say"'),
    });
    expect(await client.request("__proto__" as never, {} as never)).toMatchObject({ code: "bad-request" });
    expect(await client.request("toString" as never, {} as never)).toMatchObject({ code: "bad-request" });
    expect(await client.request("who", {})).toMatchObject({
      code: "internal",
      message: "Internal error: nothing was done. See .agora/daemon.log.",
    });
    expect(log.lines.map((line) => line.event)).toEqual(["ipc.handler-failed"]);
  });
  it("waits for handlers that come later", async () => {
    const at = await scratchHome();
    let give: ((handlers: Handlers) => void) | undefined;
    await using _server = await serve(at, {
      handlers: new Promise((resolve) => {
        give = resolve;
      }),
    });
    await using client = await dial(at);
    const asked = client.request("whoami", {});
    give!(plainHandlers());
    expect(await asked).toMatchObject({ ok: true });
  });
  it("carries long texts both ways", async () => {
    const at = await scratchHome();
    const text = "\u0001".repeat(1024 * 1024);
    const reject = async ({ reason }: { reason?: string | undefined }): Promise<ReturnType<typeof fail<"refused">>> =>
      fail("refused", reason!);
    await using _server = await serve(at, { handlers: plainHandlers({ reject }) });
    await using client = await dial(at);
    expect(await client.request("reject", { via: "cli", thread: "t", reason: text })).toEqual(fail("refused", text));
  });
  it("says so when an answer is too long, and goes on", async () => {
    const at = await scratchHome();
    const reject = async (): Promise<ReturnType<typeof fail<"refused">>> =>
      fail("refused", "x".repeat(65 * 1024 * 1024));
    await using _server = await serve(at, { handlers: plainHandlers({ reject }) });
    await using client = await dial(at);
    expect(await client.request("reject", { via: "cli", thread: "t" })).toMatchObject({ code: "too-long" });
    expect(await client.request("whoami", {})).toMatchObject({ ok: true });
  });
  it("has a deadline for every request, and a bound for those under way", async () => {
    const at = await scratchHome();
    const wait = (): Promise<never> => new Promise(() => undefined);
    await using _server = await serve(at, { handlers: plainHandlers({ wait }) });
    await using client = await dial(at);
    expect(await client.request("wait", { via: "cli", timeoutS: 9 }, { timeoutMs: 30 })).toMatchObject({
      code: "timeout",
    });
    const many = Array.from({ length: MAX_IN_FLIGHT }, () =>
      client.request("wait", { via: "cli", timeoutS: 9 }, { timeoutMs: PATIENCE_MS }),
    );
    expect(await Promise.race(many)).toMatchObject({ code: "refused" });
  });
  it("fails what is under way when the daemon leaves, and what comes after", async () => {
    const at = await scratchHome();
    const wait = (): Promise<never> => new Promise(() => undefined);
    const server = await serve(at, { handlers: plainHandlers({ wait }) });
    await using client = await dial(at);
    const asked = client.request("wait", { via: "cli", timeoutS: 9 });
    await client.request("whoami", {});
    await server[Symbol.asyncDispose]();
    expect(await asked).toMatchObject({ code: "gone" });
    expect(await client.request("whoami", {})).toMatchObject({ code: "gone" });
    await client.closed;
    expect(await findDaemon({ ...at, version: "0.1.0" })).toMatchObject({ code: "gone" });
  });
});

describe("who may talk", () => {
  it("refuses a client with another secret, and says nothing to a stranger in the daemon's place", async () => {
    const at = await scratchHome();
    const log = memoryLog();
    await using server = await serve(at, { log });
    const refused = await connect({
      path: server.path,
      secret: randomBytes(32),
      project: at.project,
      version: "0.1.0",
    });
    expect(refused).toMatchObject({ ok: false, code: "refused" });
    const raw = await rawDial(server.path);
    raw.socket.write(
      `${JSON.stringify({ v: 1, version: "x", project: at.project, nonce: "n".repeat(24) })}\n${JSON.stringify({ proof: "guess" })}\n${JSON.stringify({ id: 1, do: "whoami", args: {} })}\n`,
    );
    await raw.closed;
    expect(raw.heard.join("")).not.toContain("alice");
    expect(log.lines.some((line) => line.fields["why"] === "wrong proof")).toBe(true);
  });
  it("refuses another project's messages", async () => {
    const at = await scratchHome();
    await using server = await serve(at);
    const secret = ipcSecret(at.home);
    if (!secret.ok) throw new Error(secret.message);
    const refused = await connect({ path: server.path, secret: secret.value, project: "/other", version: "0.1.0" });
    expect(refused).toMatchObject({ ok: false, code: "refused" });
  });
  it("tells another version's client, and another version's daemon, what to do", async () => {
    const at = await scratchHome();
    await using server = await serve(at);
    const raw = await rawDial(server.path);
    raw.socket.write(`${JSON.stringify({ v: 2, hello: "future" })}\n`);
    await raw.closed;
    expect(JSON.parse(raw.heard.join(""))).toMatchObject({ v: 1, turned: "version", pid: process.pid });

    const dir = dirname(server.path);
    const path = posix ? join(dir, "f.sock") : String.raw`\\.\pipe\agora-test-${process.pid}`;
    const future = createServer((socket) => socket.end(`${JSON.stringify({ v: 2, version: "9.9.9", pid: 4321 })}\n`));
    await new Promise<void>((resolve) => future.listen(path, resolve));
    const met = await connect({ path, secret: randomBytes(32), project: at.project, version: "0.1.0" });
    expect(met).toMatchObject({
      ok: false,
      code: "wrong-version",
      message: expect.stringMatching(/agora 9\.9\.9, too new .*agora 0\.1\.0: start a new session/),
    });
    future.close();
  });
  it("hangs up on noise, on long greetings, and on silence", async () => {
    const at = await scratchHome();
    const clock = manualClock();
    await using server = await serve(at, { clock });
    for (const noise of [
      "GET / HTTP/1.1\r\n\r\n",
      "\n",
      "x".repeat(20_000),
      '{"v":1}\n',
      `{"v":1,"project":${JSON.stringify(at.project)},"nonce":7}\n`,
    ]) {
      const raw = await rawDial(server.path);
      raw.socket.write(noise);
      await raw.closed;
    }
    const silent = await rawDial(server.path);
    let isClosed = false;
    void silent.closed.then(() => (isClosed = true));
    await until("it is hung up on", () => {
      clock.advance(60_000); // nothing tells when its greeting is waited for
      return isClosed;
    });
  });
  it("drops a client that never reads, and goes on with the others", async () => {
    const at = await scratchHome();
    const log = memoryLog();
    const big = "x".repeat(8 * 1024 * 1024);
    let deaf: Session | undefined;
    const watch = async (_: unknown, session: Session): Promise<Result<Results["watch"], IpcCode>> => {
      deaf = session;
      return ok({ last: "" });
    };
    await using server = await serve(at, { log, handlers: plainHandlers({ watch }) });
    const secret = ipcSecret(at.home);
    if (!secret.ok) throw new Error(secret.message);
    const raw = await rawDial(server.path);
    const clientNonce = "n".repeat(24);
    raw.socket.write(encodeLine({ v: 1, version: "0.1.0", project: at.project, nonce: clientNonce }));
    await until("the welcome", () => raw.heard.length > 0);
    const serverNonce = String(readLine(raw.heard.join(""))?.["nonce"]);
    const proof = prove("client", { secret: secret.value, project: at.project, clientNonce, serverNonce });
    raw.socket.pause();
    raw.socket.write(encodeLine({ proof }) + encodeLine({ id: 1, do: "watch", args: {} }));
    await until("it listens", () => deaf !== undefined);
    await using other = await dial(at);
    const push: Push = { push: "connection", connection: { state: "joined", relay: big, room: "r", name: "n" } };
    for (let i = 0; i < 12; i += 1) deaf!.push(push);
    expect(deaf!.closed).toBe(true);
    expect(log.lines.map((line) => line.event)).toContain("ipc.client-does-not-read");
    expect(await other.request("whoami", {})).toMatchObject({ ok: true });
    expect(server.sessions).toBe(1);
  });
});
