// The local language between a surface (command, tool, hook, console) and its project's daemon: every request with its
// arguments, every result. Surfaces have no logic of their own; two surfaces that want the same thing send the same request.
// The rows are in `requests/`; this file has their types, which load no schema library.
import type { infer as Infer } from "zod/mini";
import type { AnyRequest, Gives } from "./define-request.ts";
import type { FileProgress } from "./file-state.ts";
import type { HubRoom } from "./hub-requests.ts";
import type { Line, LineReactions } from "./line.ts";
import type { REQUESTS } from "./requests/index.ts";
import type { ConnectionState } from "./requests/connection.ts";
import type { ControlsResult } from "./requests/controls.ts";

export type { Who } from "./define-request.ts";
export type { FileProgress, FileRecipient, FileState } from "./file-state.ts";
export type { HubRoom } from "./hub-requests.ts";
export type { Delivery, Line, LineControl, LineReaction, LineReactions } from "./line.ts";
export type { Counts, PairActivity, SeatActivity, Span } from "./requests/activity.ts";
export type { AttentionItem, AttentionKind, AttentionResult } from "./requests/attention.ts";
export type { ChainState } from "./requests/chains.ts";
export type { ChannelState } from "./requests/channels.ts";
export type { ConnectionState } from "./requests/connection.ts";
export type { AskedAct, ControlInForce, MemberControls } from "./requests/controls.ts";
export type { DecisionState } from "./requests/decisions.ts";
export type {
  AwaitLinkResult,
  DecideLinkResult,
  LinkDeviceResult,
  DeviceLinksResult,
  DeviceLinkState,
  DeviceResult,
  DevicesResult,
  DeviceState,
  LinkAsker,
} from "./requests/devices.ts";
export type { InviteArgs, InviteResult, InvitesResult, KnownInvite, WaitingGuest } from "./requests/lobby.ts";
export type { InboxItem, PlaceMode } from "./requests/inbox.ts";
export type { MailItem, PlacedLine } from "./requests/mailbox.ts";
export type { DeviceHere, Member, ProvenRung } from "./requests/presence.ts";
export type { AnswerState, QuestionState } from "./requests/questions.ts";
export type { Handed, SeatState } from "./requests/seats.ts";
export { roleOf, type Via, VIAS } from "./via.ts";

type Rows = typeof REQUESTS;

/** The rows of what one kind of process answers: a member's daemon, or the hub. */
export type RequestTable = Readonly<Record<string, AnyRequest>>;
/** The results of all requests of a table. */
export type ResultsOf<Table extends RequestTable> = {
  readonly [N in keyof Table]: Table[N]["result"] extends Gives<infer Result> ? Result : never;
};

export type RequestName = keyof Rows;
/** The arguments of a request. */
export type RequestArgs<N extends RequestName> = Infer<Rows[N]["args"]>;
/** The results of all requests of a member. */
export type Results = ResultsOf<Rows>;
/** The requests whose row has a given trait. */
export type RequestsWith<Trait extends string> = {
  [N in RequestName]: Rows[N] extends Readonly<Record<Trait, unknown>> ? N : never;
}[RequestName];
/**
 * The requests that accept `once`, an id chosen by the caller: repeating one with the same id does nothing. `say` has its
 * `id`.
 */
export type OnceRequest = {
  [N in RequestName]: "once" extends keyof Rows[N]["args"]["shape"] ? N : never;
}[RequestName];

/** What every page is shown of the room besides its lines: the answers to the `shown` requests, or those that changed. */
export type Snapshot = { readonly [N in RequestsWith<"shown">]?: Results[N] };

/** Messages the daemon pushes. */
export type Push =
  /** Something new is waiting for this seat (or nothing any more): lets a hook answer without asking. */
  | { readonly push: "unread"; readonly count: number }
  | { readonly push: "line"; readonly line: Line }
  /** To watching sessions: somebody reacted to a line, or took that back. */
  | ({ readonly push: "reactions" } & LineReactions)
  /** To watching sessions, and to the one that sent the file; a few per second at most. */
  | { readonly push: "file"; readonly file: FileProgress }
  | { readonly push: "connection"; readonly connection: ConnectionState }
  /** To watching sessions: an operator decided something. */
  | { readonly push: "controls"; readonly controls: ControlsResult }
  /** To sessions that watch the state: the parts of it that changed; at first, and after each reconnect, all. */
  | ({ readonly push: "state" } & Snapshot)
  /** To sessions that follow: the history goes on, to this position. */
  | { readonly push: "grown"; readonly end: number }
  /** To sessions that follow: what waits may have changed. */
  | { readonly push: "inbox" }
  /** From the hub to its pages: this person's rooms on this machine, whenever that list changes. */
  | { readonly push: "rooms"; readonly here: string; readonly rooms: readonly HubRoom[] }
  /** The daemon has left for a newer one: connect again. */
  | { readonly push: "moved" };

/** The failure codes of requests. */
export type IpcCode =
  | "bad-request"
  | "unknown-recipient"
  | "unknown-thread"
  | "unknown-message"
  | "unknown-channel"
  | "ambiguous"
  | "empty"
  | "too-long"
  | "bad-file"
  | "quota"
  /** The id is already in use for a different request. */
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
