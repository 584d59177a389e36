// One connection to a daemon: greets, proves itself, then sends requests and receives answers and pushes. Loads no schemas:
// the daemon validates.
import { connect as connectSocket, type Socket } from "node:net";
import type { infer as Infer } from "zod/mini";
import { fail, ok } from "@agora/user-config";
import type { Cancel } from "@agora/ports";
import type { Failure, Result } from "@agora/protocol";
import type { Answer, Cancel as CancelRequest, Greeting, Proof, Request } from "./envelope.ts";
import {
  GREETING_TIMEOUT_MS,
  IPC_VERSION,
  MAX_ANSWER_BYTES,
  MAX_GREETING_BYTES,
  REQUEST_TIMEOUT_MS,
} from "./limits.ts";
import { createLineDecoder, encodeLine, readLine } from "./line-codec.ts";
import type { IpcCode, Push, RequestArgs, RequestName, RequestTable, Results, ResultsOf } from "./messages.ts";
import { isProof, newNonce, prove } from "./proof.ts";
import type { REQUESTS } from "./requests/index.ts";

/** A connection to a daemon, or to the hub with its own table; several requests may be in flight. */
export interface Client<Table extends RequestTable = typeof REQUESTS> extends AsyncDisposable {
  readonly daemon: { readonly pid: number; readonly version: string };
  /**
   * Sends a request. Fails with `timeout` after `timeoutMs` (10 s), after which the daemon won't start it any more, and with
   * `gone` when the daemon ends before answering.
   */
  request<N extends keyof Table & string>(
    name: N,
    args: Infer<Table[N]["args"]>,
    options?: { readonly timeoutMs?: number },
  ): Promise<Result<ResultsOf<Table>[N], IpcCode>>;
  onPush(fn: (push: Push) => void): Cancel;
  /** Resolves when the connection ends. */
  readonly closed: Promise<void>;
  close(): void;
}

/** `gone`: nobody answers; `refused`: whoever answers isn't this project's daemon. */
export type ConnectCode = "gone" | "refused" | "timeout" | "wrong-version" | "older-version";

/** Which daemon to connect to, and the secret to prove with. */
export interface ConnectOptions {
  readonly path: string;
  readonly secret: Uint8Array;
  /** The project's real path. */
  readonly project: string;
  /** Our package's version, for the message when the two sides don't understand each other. */
  readonly version: string;
  readonly timeoutMs?: number;
  /** The version of this language, if not our own. */
  readonly speak?: number;
}

/** Connects and checks the server's proof; the client's proof is sent along with its first request. */
export function connect(options: ConnectOptions): Promise<Result<Client, ConnectCode>> {
  return new Promise((resolve) => {
    const socket = connectSocket(options.path);
    const clientNonce = newNonce();
    const decoder = createLineDecoder(MAX_GREETING_BYTES);
    const timeoutMs = options.timeoutMs ?? GREETING_TIMEOUT_MS;
    let hear: ((line: string) => void) | undefined;
    let lastError = "";
    const settle = (result: Result<Client, ConnectCode>): void => {
      clearTimeout(deadline);
      if (!result.ok) socket.destroy();
      resolve(result);
    };
    const deadline = setTimeout(() => settle(noAnswer()), timeoutMs);
    socket.on("connect", () => {
      const greeting: Greeting = {
        v: options.speak ?? IPC_VERSION,
        version: options.version,
        project: options.project,
        nonce: clientNonce,
      };
      socket.write(encodeLine(greeting));
    });
    socket.on("error", (error: NodeJS.ErrnoException) => {
      lastError = error.code ?? "";
    });
    // EAGAIN: it is alive, but its queue of waiting clients is full.
    socket.on("close", () => settle(notReached(lastError)));
    socket.on("data", (piece: Buffer) => {
      for (const line of decoder.lines(piece)) {
        if (line === undefined) return void socket.destroy();
        if (hear !== undefined) {
          hear(line);
          continue;
        }
        const welcome = readWelcome(readLine(line), options, clientNonce);
        if (!welcome.ok) return settle(welcome);
        decoder.allow(MAX_ANSWER_BYTES);
        const talk = createTalk(socket, welcome.value);
        hear = talk.hear;
        settle(ok(talk.client));
      }
    });
  });
}

/** Why the daemon wasn't reached, from the system's error code. */
export function notReached(word: string): Failure<"gone" | "timeout" | "refused"> {
  if (word === "EAGAIN") return noAnswer();
  // A wrong owner was refused before: what is left is a sandbox that allows no sockets.
  if (word === "EPERM" || word === "EACCES")
    return fail(
      "refused",
      `This shell may not reach the project's daemon (${word}): it is sandboxed, so run the command outside of the sandbox.`,
    );
  return fail("gone", "This project's daemon is not running.");
}

function noAnswer(): Failure<"timeout"> {
  return fail("timeout", "This project's daemon is there but doesn't answer: wait a moment and try again.");
}

interface Met {
  readonly pid: number;
  readonly version: string;
  /** Our own proof. */
  readonly proof: string;
}

/** Checks the server's first line. */
function readWelcome(
  line: Readonly<Record<string, unknown>> | undefined,
  options: ConnectOptions,
  clientNonce: string,
): Result<Met, ConnectCode> {
  const stranger = fail(
    "refused",
    "Something that is not this project's daemon listens in its place: nothing was sent to it.",
  );
  if (line === undefined) return stranger;
  const { v, version, pid, nonce, proof, turned } = line;
  if (typeof v !== "number" || typeof version !== "string" || typeof pid !== "number") return stranger;
  if (v !== (options.speak ?? IPC_VERSION) || turned === "version") return wrongVersion(v, version, options.version);
  if (turned === "busy") return fail("refused", "This project's daemon has too many clients: close some sessions.");
  if (turned !== undefined || typeof nonce !== "string") return stranger;
  const facts = { secret: options.secret, project: options.project, clientNonce, serverNonce: nonce };
  if (!isProof("server", facts, proof)) return stranger;
  return ok({ pid, version, proof: prove("client", facts) });
}

function wrongVersion(v: number, version: string, ours: string): Failure<"wrong-version" | "older-version"> {
  // Sent by whoever is listening, before any proof: show only its plain characters.
  const theirs = version.replaceAll(/[^\w.+-]/g, "").slice(0, 30);
  const they = `This project's daemon is agora ${theirs}`;
  if (v < IPC_VERSION)
    return fail("older-version", `${they}, too old to talk with this agora ${ours}: "agora update" renews it.`);
  return fail(
    "wrong-version",
    `${they}, too new to talk with this agora ${ours}: start a new session, or use the newer agora that is installed.`,
  );
}

/** One request in flight. */
interface Waiting {
  readonly settle: (answer: Result<unknown, IpcCode>) => void;
}

/** The connection after the greeting. */
function createTalk(socket: Socket, met: Met): { readonly client: Client; readonly hear: (line: string) => void } {
  const waiting = new Map<number, Waiting>();
  const listeners = new Set<(push: Push) => void>();
  /** Sent before the first request, in the same write. */
  let unproven: string | undefined = encodeLine({ proof: met.proof } satisfies Proof);
  let lastId = 0;
  let over = false;
  // A client that only listens proves itself too, a moment later.
  setImmediate(() => send(""));

  const send = (line: string): void => {
    const out = (unproven ?? "") + line;
    unproven = undefined;
    if (out !== "" && !over) socket.write(out);
  };
  const gone = (): Failure<"gone"> =>
    fail("gone", "The daemon ended before it answered: try again, the next command starts it.");
  const closed = new Promise<void>((resolve) => {
    socket.on("close", () => {
      over = true;
      for (const { settle } of waiting.values()) settle(gone());
      resolve();
    });
  });

  const hear = (line: string): void => {
    const message = readLine(line);
    if (message === undefined) return void socket.destroy();
    if (typeof message["push"] === "string") {
      for (const fn of listeners) fn(message as unknown as Push);
      return;
    }
    const answer = message as unknown as Answer;
    waiting.get(answer.id)?.settle(answer.ok ? ok(answer.result) : fail(answer.code, answer.message));
  };

  const client: Client = {
    daemon: { pid: met.pid, version: met.version },
    closed,
    request<N extends RequestName>(name: N, args: RequestArgs<N>, { timeoutMs = REQUEST_TIMEOUT_MS } = {}) {
      return new Promise<Result<Results[N], IpcCode>>((resolve) => {
        if (over) return resolve(gone());
        const id = ++lastId;
        const deadline = setTimeout(() => {
          const seconds = Math.round(timeoutMs / 100) / 10;
          settle(fail("timeout", `The daemon did not answer "${name}" within ${seconds} s, and was told to leave it.`));
          send(encodeLine({ id: ++lastId, do: "cancel", args: { id } } satisfies CancelRequest));
        }, timeoutMs);
        const settle = (answer: Result<unknown, IpcCode>): void => {
          clearTimeout(deadline);
          waiting.delete(id);
          resolve(answer as Result<Results[N], IpcCode>);
        };
        waiting.set(id, { settle });
        send(encodeLine({ id, do: name, args } satisfies Request));
      });
    },
    onPush(fn) {
      const own = (push: Push): void => fn(push);
      listeners.add(own);
      return () => void listeners.delete(own);
    },
    close() {
      over = true;
      socket.destroy();
    },
    async [Symbol.asyncDispose]() {
      client.close();
      await closed;
    },
  };
  return { client, hear };
}
