// The local language between a surface (command, tool, hook, console) and its project's daemon: every request with its
// arguments, every result. A surface has no logic of its own; two surfaces that want the same thing send the same request.
// The rows of the requests are in `requests/`; here are their types, which cost nobody a schema library.
import type { infer as Infer } from "zod/mini";
import type { Gives } from "./define-request.ts";
import type { FileProgress } from "./file-state.ts";
import type { Line } from "./line.ts";
import type { REQUESTS } from "./requests/index.ts";
import type { ConnectionState } from "./requests/connection.ts";
import type { ControlsResult } from "./requests/controls.ts";

export type { Who } from "./define-request.ts";
export type { FileProgress, FileRecipient, FileState } from "./file-state.ts";
export type { Delivery, Line, LineControl } from "./line.ts";
export type { ChainState } from "./requests/chains.ts";
export type { ChannelState } from "./requests/channels.ts";
export type { ConnectionState } from "./requests/connection.ts";
export type { ControlInForce, MemberControls } from "./requests/controls.ts";
export type { DecisionState } from "./requests/decisions.ts";
export type { InboxItem } from "./requests/inbox.ts";
export type { Member, ProvenRung } from "./requests/presence.ts";
export type { AnswerState, QuestionState } from "./requests/questions.ts";
export type { Handed, SeatState } from "./requests/seats.ts";
export { roleOf, type Via, VIAS } from "./via.ts";

type Rows = typeof REQUESTS;

export type RequestName = keyof Rows;
/** The arguments of a request. */
export type RequestArgs<N extends RequestName> = Infer<Rows[N]["args"]>;
/** The result of every request. */
export type Results = { readonly [N in RequestName]: Rows[N]["result"] extends Gives<infer Result> ? Result : never };
/** The requests whose row has a trait. */
export type RequestsWith<Trait extends string> = {
  [N in RequestName]: Rows[N] extends Readonly<Record<Trait, unknown>> ? N : never;
}[RequestName];
/** The requests that take `once`, an id of the caller's: asked again with it they do nothing a second time. `say` has its `id`. */
export type OnceRequest = {
  [N in RequestName]: "once" extends keyof Rows[N]["args"]["shape"] ? N : never;
}[RequestName];

/** What every page is shown of the room beside its lines: the answers of the requests that are `shown`. */
export type Snapshot = { readonly [N in RequestsWith<"shown">]?: Results[N] };

/** Pushed by the daemon without being asked. */
export type Push =
  /** Something new waits for this seat (or nothing any more): lets a hook answer without asking. */
  | { readonly push: "unread"; readonly count: number }
  | { readonly push: "line"; readonly line: Line }
  /** To sessions that watch, and to the one that said the file; a few a second at most. */
  | { readonly push: "file"; readonly file: FileProgress }
  | { readonly push: "connection"; readonly connection: ConnectionState }
  /** To sessions that watch: an operator decided something. */
  | { readonly push: "controls"; readonly controls: ControlsResult }
  /** The daemon has left for a newer one: connect again. */
  | { readonly push: "moved" };

/** The words of a refused request. */
export type IpcCode =
  | "bad-request"
  | "unknown-recipient"
  | "unknown-thread"
  | "unknown-channel"
  | "ambiguous"
  | "empty"
  | "too-long"
  | "bad-file"
  | "quota"
  /** An id that already stands for another request. */
  | "reused"
  | "not-allowed"
  | "not-joined"
  | "refused"
  | "timeout"
  | "gone"
  | "stopped"
  | "disk"
  | "key-changed"
  | "moved"
  | "older-version"
  | "wrong-version"
  | "internal";
