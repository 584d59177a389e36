// One client as the daemon sees it: greeted, proven, then its requests are validated, carried out and answered. What
// requests do is up to the handlers.
import type { Socket } from "node:net";
import { setImmediate } from "node:timers/promises";
import { fail } from "@agora/user-config";
import type { Clock, Log } from "@agora/ports";
import type { Result } from "@agora/protocol";
import { type AnyHandlers, carryOut, type Session } from "./carry-out.ts";
import type { Answer, FromServer, Turned, Welcome } from "./envelope.ts";
import type { Gate } from "./gate.ts";
import * as limits from "./limits.ts";
import { createLineDecoder, encodeLine, readLine } from "./line-codec.ts";
import type { IpcCode, RequestTable } from "./messages.ts";
import { isProof, newNonce, type ProofFacts, prove } from "./proof.ts";

/** What all sessions of a server share. */
export interface SessionFacts {
  readonly project: string;
  readonly version: string;
  readonly secret: Uint8Array;
  readonly handlers: Promise<AnyHandlers>;
  readonly requests: RequestTable;
  readonly gate: Gate;
  readonly log: Log;
  readonly clock: Clock;
  /** Too many clients: tell this one and close. */
  readonly full: boolean;
}

/** Serves one connection until it ends. */
export function serveSession(socket: Socket, id: string, facts: SessionFacts): Session {
  const { log } = facts;
  const closers = new Set<() => void>();
  const decoder = createLineDecoder(limits.MAX_GREETING_BYTES);
  let stage: "greeting" | "proof" | "open" = "greeting";
  let proofFacts: ProofFacts | undefined;
  let inFlight = 0;
  /** Unanswered requests, and whether their asker still waits. */
  const awaited = new Map<number, boolean>();

  const session: Session = {
    id,
    get closed() {
      return socket.destroyed;
    },
    push: (push) => {
      if (stage === "open") write(push);
    },
    onClose(fn) {
      const own = (): void => fn();
      if (socket.destroyed) own();
      else closers.add(own);
      return () => void closers.delete(own);
    },
  };

  const write = (message: FromServer): void => writeLine(encodeLine(message));
  const writeLine = (line: string): void => {
    if (socket.destroyed || !socket.writable) return;
    if (socket.writableLength > limits.MAX_UNSENT_BYTES) {
      log.warn("ipc.client-does-not-read", { session: id, unsent: socket.writableLength });
      return void socket.destroy();
    }
    socket.write(line);
  };
  const drop = (why: string): void => {
    log.warn("ipc.dropped", { session: id, why });
    socket.destroy();
  };
  const turn = (turned: Turned["turned"]): void => {
    const line: Turned = { v: limits.IPC_VERSION, version: facts.version, pid: process.pid, turned };
    socket.end(encodeLine(line));
    stage = "greeting";
  };

  const greet = (line: string): void => {
    const greeting = readLine(line);
    if (greeting === undefined) return drop("not a greeting");
    if (greeting["v"] !== limits.IPC_VERSION) return turn("version");
    if (greeting["project"] !== facts.project) return turn("project");
    if (facts.full) return turn("busy");
    const clientNonce = greeting["nonce"];
    if (typeof clientNonce !== "string" || clientNonce.length < 16) return drop("not a greeting");
    const serverNonce = newNonce();
    proofFacts = { secret: facts.secret, project: facts.project, clientNonce, serverNonce };
    const { version } = facts;
    const proof = prove("server", proofFacts);
    const welcome: Welcome = { v: limits.IPC_VERSION, version, pid: process.pid, nonce: serverNonce, proof };
    socket.write(encodeLine(welcome));
    stage = "proof";
  };
  const admit = (line: string): void => {
    if (!isProof("client", proofFacts!, readLine(line)?.["proof"])) return drop("wrong proof");
    cancelDeadline();
    decoder.allow(limits.MAX_REQUEST_BYTES);
    stage = "open";
  };

  const answer = async (line: string): Promise<void> => {
    const request = readLine(line);
    const requestId = request?.["id"];
    if (request === undefined || typeof requestId !== "number") return drop("not a request");
    if (request["do"] === "cancel") return cancel(request["args"]);
    inFlight += 1;
    awaited.set(requestId, true);
    const isAwaited = (): boolean => awaited.get(requestId) === true && !socket.destroyed && !socket.readableEnded;
    let result: Result<unknown, IpcCode>;
    if (inFlight > limits.MAX_IN_FLIGHT)
      result = fail("refused", "Too many requests wait for their answers: let some end first.");
    else {
      // After a stall, the asker's last word sits in the socket behind its request: the end of a connection is read one turn
      // of the event loop later than the bytes before it.
      await setImmediate();
      await setImmediate();
      result = await carryOut(request["do"], request["args"], session, facts, isAwaited);
    }
    awaited.delete(requestId);
    inFlight -= 1;
    const answered = encodeLine(toAnswer(requestId, result));
    if (Buffer.byteLength(answered) <= limits.MAX_ANSWER_BYTES) return writeLine(answered);
    write(
      toAnswer(requestId, fail("too-long", "The answer is longer than 64 MB: ask for less, for example with --limit.")),
    );
  };

  const cancel = (args: unknown): void => {
    const id = typeof args === "object" && args !== null && "id" in args ? args.id : undefined;
    if (typeof id === "number" && awaited.has(id)) awaited.set(id, false);
  };

  const cancelDeadline = facts.clock.after(limits.GREETING_TIMEOUT_MS, () => drop("no greeting in time"));
  socket.on("error", () => undefined); // "close" follows
  socket.on("close", () => {
    cancelDeadline();
    for (const fn of closers) quietly(fn, log);
    closers.clear();
  });
  socket.on("data", (piece: Buffer) => {
    for (const line of decoder.lines(piece)) {
      if (socket.destroyed || !socket.writable) return;
      if (line === undefined) return drop("a line was too long");
      if (stage === "greeting") greet(line);
      else if (stage === "proof") admit(line);
      else void answer(line);
    }
  });
  return session;
}

function toAnswer(id: number, result: Result<unknown, IpcCode>): Answer {
  if (!result.ok) return { id, ok: false, code: result.code, message: result.message };
  return { id, ok: true, result: result.value };
}

function quietly(fn: () => void, log: Log): void {
  try {
    fn();
  } catch (error) {
    log.warn("ipc.close-failed", { error: String(error) });
  }
}
