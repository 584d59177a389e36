// One admitted request: who asks, as which member, and how it is answered.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock } from "@agora/ports";
import type { GatewayMember } from "./member.ts";
import type { Principal } from "./principal.ts";

export interface Call {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly principal: Principal;
  readonly member: GatewayMember;
  readonly clock: Clock;
  readonly streams: Streams;
  /** Whether the request's credentials are still valid: checked again before anything is sent later. */
  readonly holds: () => boolean;
}

/** The open streams and waits: limited in number, and ended when their credentials end or the gateway stops. */
export interface Streams {
  /** Adds one; undefined when there are too many. `end` is called once, with the reason. */
  add(call: Pick<Call, "principal" | "member" | "response">, kind: "rest" | "mcp", end: (why: string) => void): boolean;
}
