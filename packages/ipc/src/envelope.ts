// The lines of the conversation, in order. Client: Greeting. Server: Welcome or Turned. Client: Proof, then Requests.
// Server: Answers and pushes in any order.
import type { IpcCode, Push, RequestName } from "./messages.ts";

/** The client's first line. */
export interface Greeting {
  readonly v: number;
  readonly version: string;
  readonly project: string;
  readonly nonce: string;
}

/** The server's answer: it proves the secret first, so that a client never talks to somebody else's socket. */
export interface Welcome {
  readonly v: number;
  readonly version: string;
  readonly pid: number;
  readonly nonce: string;
  readonly proof: string;
}

/** The server's answer to a greeting it can't accept; the connection ends. */
export interface Turned {
  readonly v: number;
  readonly version: string;
  readonly pid: number;
  readonly turned: "version" | "project" | "busy";
}

/** The client's second line; requests may follow at once. */
export interface Proof {
  readonly proof: string;
}

export interface Request {
  readonly id: number;
  readonly do: RequestName;
  readonly args: unknown;
}

/** The asker no longer waits for this request: if it hasn't been started, it won't be. */
export interface Cancel {
  readonly id: number;
  readonly do: "cancel";
  readonly args: { readonly id: number };
}

export type Answer =
  | { readonly id: number; readonly ok: true; readonly result: unknown }
  | { readonly id: number; readonly ok: false; readonly code: IpcCode; readonly message: string };

/** Everything a server sends after the proofs. */
export type FromServer = Answer | Push;
