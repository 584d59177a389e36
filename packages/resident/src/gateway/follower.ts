// Hears what a member's room pushes, keeps the latest of it at hand, and tells whoever listens.
import type { ConnectionState, Handlers, IpcCode, Push } from "@agora/ipc";
import { ok, type Result } from "@agora/protocol";
import { createLocalSession } from "./local-session.ts";

/** What it tells: lines were stored, the mailbox may have changed, the member joined or left. */
export type News = "grown" | "inbox" | "connection";

export interface Follower {
  /** Where the member's history ended at the last push or answer. What isn't a line makes it grow without a push. */
  readonly end: number;
  readonly connection: ConnectionState;
  /** An answer said that the history reaches this far. */
  reached(end: number): void;
  /** Calls `fn` each time; returns how to stop. */
  on(news: News, fn: () => void): () => void;
  /** Ends the subscription. */
  stop(): void;
}

/** Subscribes to a member's room through its handlers. */
export async function followRoom(handlers: Pick<Handlers, "follow">): Promise<Result<Follower, IpcCode>> {
  const listeners: Readonly<Record<News, Set<() => void>>> = {
    grown: new Set(),
    inbox: new Set(),
    connection: new Set(),
  };
  let last: { readonly end: number; readonly connection: ConnectionState } | undefined;
  const hear = (push: Push): void => {
    if (last === undefined) return; // the answer says as much
    if (push.push === "grown") last = { ...last, end: push.end };
    else if (push.push === "connection") last = { ...last, connection: push.connection };
    else if (push.push !== "inbox") return;
    for (const fn of [...listeners[push.push]]) fn();
  };
  const session = createLocalSession("gateway-follower", hear);
  const began = await handlers.follow({}, session);
  if (!began.ok) return began;
  const start = began.value;
  last = start;
  return ok({
    get end() {
      return last?.end ?? start.end;
    },
    get connection() {
      return last?.connection ?? start.connection;
    },
    reached(end) {
      if (last !== undefined) last = { ...last, end: Math.max(last.end, end) };
    },
    on(news, fn) {
      const own = (): void => fn();
      listeners[news].add(own);
      return () => void listeners[news].delete(own);
    },
    stop: () => session.end(),
  });
}
