// Takes a request to its handler, however it arrived: over the daemon's socket, from a console page, or within a page that
// is a member itself. Nothing here imports Node modules.
import { fail } from "@agora/user-config/result";
import type { Cancel, Log } from "@agora/ports";
import type { Result } from "@agora/protocol";
import type { AnyRequest } from "./define-request.ts";
import type { Gate } from "./gate.ts";
import type { IpcCode, Push, RequestArgs, RequestName, RequestTable, Results } from "./messages.ts";

/** One connected client, as handlers see it. */
export interface Session {
  readonly id: string;
  readonly closed: boolean;
  /** Pushes a message to the client; a client that doesn't read is dropped. */
  push(push: Push): void;
  /** Calls `fn` once when the client is gone, or immediately if it already is. */
  onClose(fn: () => void): Cancel;
}

/** The handler of each request, by name. */
export type Handlers = {
  readonly [N in RequestName]: (args: RequestArgs<N>, session: Session) => Promise<Result<Results[N], IpcCode>>;
};

/** The handlers of one feature. */
export type RequestHandlers = Partial<Handlers>;

/** Thrown by any handler of a daemon that can't work at all: its message is the answer. */
export class RequestRefused extends Error {}

type AnyHandler = (args: unknown, session: Session) => Promise<Result<unknown, IpcCode>>;

/** Handlers by name, of whatever table. */
export type AnyHandlers = Readonly<
  Record<string, (args: never, session: Session) => Promise<Result<unknown, IpcCode>>>
>;

/** What is needed to carry out a request, however it arrived. */
export interface Carrier {
  readonly handlers: Promise<AnyHandlers>;
  readonly requests: RequestTable;
  readonly version: string;
  readonly log: Log;
  readonly gate: Pick<Gate, "pass">;
}

/**
 * Validates a request and runs its handler; any failure becomes one sentence.
 *
 * @param isAwaited whether the asker is still waiting for the answer, checked at the last moment
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
  const row: AnyRequest = facts.requests[name]!;
  const parsed = row.args.safeParse(args);
  if (!parsed.success) {
    const field = parsed.error.issues[0]?.path.join(".") ?? "";
    return fail("bad-request", `"${field}" of "${name}" is missing or not what it must be.`);
  }
  try {
    return await facts.gate.pass(row.waits === true, async () => {
      const handlers = await facts.handlers;
      if (!isAwaited() && row.tells !== true) return abandoned(name, facts);
      return await (handlers[name] as AnyHandler)(parsed.data, session);
    });
  } catch (error) {
    if (error instanceof RequestRefused) return fail("refused", error.message);
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    facts.log.warn("ipc.handler-failed", { do: name, error: stack.slice(0, 2_000) });
    return fail("internal", "Internal error: nothing was done. See .agora/daemon.log.");
  }
}

/**
 * The asker left before its request was started: the daemon was stalled, because the machine slept or its disk did, and the
 * asker was told that nobody answers. Its request must not take effect behind its back now, and lines must not count as
 * handed when nobody receives them. No clock is needed to notice this: the end of the connection, or a cancel, comes right
 * after the request in the asker's own bytes.
 */
function abandoned(name: string, { log }: Carrier): Result<never, IpcCode> {
  log.info("ipc.abandoned", { do: name });
  return fail("timeout", "The daemon came to it after the asker had gone, and did not do it.");
}
