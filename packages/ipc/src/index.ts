// How a local process finds, launches and talks to its project's daemon. The request rows load a schema library and are
// exported separately: "@agora/ipc/requests".
export { askAgain, type Line as AskedLine } from "./ask-again.ts";
export { type Client, connect, type ConnectCode, type ConnectOptions } from "./client.ts";
export { findDaemon, type FindOptions, type OpenCode } from "./find.ts";
export { askToHandOver, type SuccessionOptions } from "./hand-over.ts";
export { openDaemon, type OpenOptions } from "./launch.ts";
export { findHub, HUB, type HubClient, openHub } from "./hub.ts";
export type { HubRoom, OpenConsoleResult, RoomsResult } from "./hub-requests.ts";
export { IPC_VERSION } from "./limits.ts";
export {
  type AttentionItem,
  type AttentionKind,
  type ChainState,
  type Counts,
  type PairActivity,
  type SeatActivity,
  type Span,
  type ChannelState,
  type ConnectionState,
  type ControlInForce,
  type DecisionState,
  type DeviceHere,
  type DeviceState,
  type AwaitLinkResult,
  type DecideLinkResult,
  type LinkDeviceResult,
  type DeviceLinksResult,
  type DeviceLinkState,
  type DevicesResult,
  type LinkAsker,
  type DeviceResult,
  type Delivery,
  type FileProgress,
  type FileRecipient,
  type FileState,
  type Handed,
  type InboxItem,
  type InviteArgs,
  type InviteResult,
  type InvitesResult,
  type KnownInvite,
  type WaitingGuest,
  type PlaceMode,
  type IpcCode,
  type Line,
  type LineControl,
  type MailItem,
  type Member,
  type MemberControls,
  type PlacedLine,
  type ProvenRung,
  type Push,
  type RequestArgs,
  type RequestName,
  type Results,
  roleOf,
  type SeatState,
  type Via,
  type Who,
  VIAS,
  type AnswerState,
  type QuestionState,
} from "./messages.ts";
export { leaveRefusal } from "./refusal.ts";
export { claimSocket, type HeldSocket } from "./socket-claim.ts";
export { openServer, type Server, type ServerOptions } from "./serve.ts";
export { handOver, type TakeOptions, takePlace } from "./take-place.ts";
export {
  type AnyHandlers,
  type Carrier,
  carryOut,
  type Handlers,
  type RequestHandlers,
  RequestRefused,
  type Session,
} from "./carry-out.ts";
