// The open streams and waits, so that they can be limited and ended.
import { MAX_STREAMS, MAX_UNREAD_BYTES } from "../limits.ts";
import type { Call, Streams } from "./call.ts";
import type { GatewayMember, SeatKind } from "./member.ts";
import type { Authenticator, Principal } from "./principal.ts";

export interface OpenStreams extends Streams {
  /** Ends those whose credentials are no longer valid, and MCP streams nobody reads: their clients open new ones. */
  sweep(auth: Pick<Authenticator, "holds">): void;
  endAll(why: string): void;
}

/** Why a stream ends whose credentials were revoked. */
export const NO_MORE = "the token does not count any more";

interface Open {
  readonly principal: Principal;
  readonly kind: SeatKind;
  readonly end: (why: string) => void;
}

/** Creates an empty list. */
export function createStreams(): OpenStreams {
  const open = new Map<Call["response"], Open>();
  const endIf = (why: string, test: (principal: Principal) => boolean): void => {
    for (const { principal, end } of [...open.values()]) if (test(principal)) end(why);
  };
  return {
    add({ principal, member, response }, kind, end) {
      if (open.size >= MAX_STREAMS) return false;
      const stream = member.openStream(kind);
      if (stream === undefined) return false;
      open.set(response, { principal, kind, end });
      const offRefused = whenRefused(member, (why) => end(`the room does not take this member any more: ${why}`));
      response.once("close", () => {
        open.delete(response);
        offRefused();
        stream.close();
      });
      return true;
    },
    sweep(auth) {
      for (const [response, { kind }] of open)
        if (kind === "mcp" && response.writableLength > MAX_UNREAD_BYTES) response.destroy();
      endIf(NO_MORE, (principal) => !auth.holds(principal));
    },
    endAll: (why) => endIf(why, () => true),
  };
}

/** Calls back when the relay refuses the member for good: its grant was revoked, it was banned, its name was taken. */
export function whenRefused(member: Pick<GatewayMember, "on" | "connection">, fn: (why: string) => void): () => void {
  return member.on("connection", () => {
    const { state, reason = "the relay refused" } = member.connection;
    if (state === "refused") fn(reason);
  });
}
