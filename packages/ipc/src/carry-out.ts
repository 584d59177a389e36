// A request on its way to its handler, whichever way it came: over the daemon's socket, from a console's page, or within a
// page that is a member itself. Nothing here imports Node's own modules.
import { fail } from "@agora/home/result";
import type { Cancel, Log } from "@agora/ports";
import type { Result } from "@agora/protocol";
import type { AnyRequest } from "./define-request.ts";
import type { Gate } from "./gate.ts";
import type { IpcCode, Push, RequestArgs, RequestName, Results } from "./messages.ts";
import type { REQUESTS } from "./requests/index.ts";

/** One connected client as handlers see it. */
export interface Session {
  readonly id: string;
  readonly closed: boolean;
  /** Tells the client something unasked; one that doesn't read is dropped. */
  push(push: Push): void;
  /** Calls `fn` once when the client is gone; at once when it already is. */
  onClose(fn: () => void): Cancel;
}

/** What carries requests out, by name. */
export type Handlers = {
  readonly [N in RequestName]: (args: RequestArgs<N>, session: Session) => Promise<Result<Results[N], IpcCode>>;
};

/** The part of them that one feature carries out. */
export type RequestHandlers = Partial<Handlers>;

/** Thrown by any handler of a daemon that can't work at all: its sentence is the answer. */
export class RequestRefused extends Error {}

type AnyHandler = (args: unknown, session: Session) => Promise<Result<unknown, IpcCode>>;

/** What is needed to carry a request out, whichever way it came. */
export interface Carrier {
  readonly handlers: Promise<Handlers>;
  readonly requests: typeof REQUESTS;
  readonly version: string;
  readonly log: Log;
  readonly gate: Pick<Gate, "pass">;
}

/**
 * Checks a request and lets its handler carry it out; whatever goes wrong becomes one sentence.
 *
 * @param isAwaited whether the asker still waits for the answer, asked at the last moment
 */
export async function carryOut(
  name: unknown,
  args: unknown,
  session: Session,
  facts: Carrier,
  isAwaited: () => boolean = () => !session.closed,
): Promise<Result<unknown, IpcCode>> {
  if (typeof name !== "string" || !Object.hasOwn(facts.requests, name)) {
    return fail(
      "bad-request",
      `This daemon (agora ${facts.version}) does not know what you asked for: "agora update" renews it.`,
    );
  }
  const row: AnyRequest = facts.requests[name as RequestName];
  const parsed = row.args.safeParse(args);
  if (!parsed.success) {
    const field = parsed.error.issues[0]?.path.join(".") ?? "";
    return fail("bad-request", `"${field}" of "${name}" is missing or not what it must be.`);
  }
  try {
    return await facts.gate.pass(row.waits === true, async () => {
      const handlers = await facts.handlers;
      if (!isAwaited() && row.tells !== true) return abandoned(name, facts);
      return await (handlers[name as RequestName] as AnyHandler)(parsed.data, session);
    });
  } catch (error) {
    if (error instanceof RequestRefused) return fail("refused", error.message);
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    facts.log.warn("ipc.handler-failed", { do: name, error: stack.slice(0, 2_000) });
    return fail("internal", "Internal error: nothing was done. See .agora/daemon.log.");
  }
}

/**
 * The asker has gone before its request was begun: the daemon stood still, because the machine slept or its disk did, and the
 * asker was told that nothing answers. What it asked for must not happen behind its back now, nor may lines count as
 * handed that nobody takes. An asker that is gone is seen in the order of its own bytes: the end of the connection, or
 * its word that it waits no longer, stands right behind the request. No clock is needed for that.
 */
function abandoned(name: string, { log }: Carrier): Result<never, IpcCode> {
  log.info("ipc.abandoned", { do: name });
  return fail("timeout", "The daemon came to it after the asker had gone, and did not do it.");
}
