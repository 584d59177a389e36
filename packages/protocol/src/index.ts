// The words of the wire, as other packages may use them.
export {
  type Address,
  audienceOf,
  formatAddress,
  leadingAddresses,
  type LeadingAddresses,
  parseAddress,
} from "./address.ts";
export {
  type Budget,
  BUDGET,
  budgetSchema,
  type Control,
  CONTROL,
  CONTROL_ACTS,
  type ControlAct,
  controlRateSchema,
  controlSchema,
  FILE_OFFER,
  GRANT,
  type FileOffer,
  fileOfferSchema,
  readBody,
  TEXT,
} from "./bodies.ts";
export { type Chunk, type ChunkHeader, chunkFrame, decodeChunk, encodeChunk } from "./chunk.ts";
export { CLOSE_CODES, closeCode, type CloseCode, type Retry } from "./close-codes.ts";
export { type DecodeCode, decodeFromClient, decodeFromRelay, encode } from "./codec.ts";
export { controlWords, decidedBy, isNeutral, isWhole } from "./control-place.ts";
export { ERROR_CODES, type ErrorCode } from "./error-codes.ts";
export { FILE_CODES, type FileCode, mayAskAgain } from "./file-codes.ts";
export {
  ABOUT,
  type Draft,
  EVENT_PREFIX,
  type Head,
  KINDS,
  openEvent,
  type OpenEvent,
  readHead,
  type Role,
  sealedSchema,
  type SealedEvent,
  sealEvent,
  type Signer,
  type Verifier,
} from "./event.ts";
export {
  type Challenge,
  type Deliver,
  type EventFrame,
  type FileStep,
  type FromClient,
  type FromRelay,
  type HealFrame,
  type HealMark,
  type Hello,
  helloText,
  type Join,
  type Joined,
  type Post,
  type Refused,
  type Stamped,
  type Welcome,
} from "./frames.ts";
export {
  decodeInvite,
  encodeInvite,
  GRANT_ROLES,
  type GrantClaims,
  grantClaimsSchema,
  type GrantRole,
  type Invite,
  openGrant,
} from "./grant.ts";
export { harmless, harmlessLine } from "./harmless.ts";
export { isId, newId } from "./ids.ts";
export {
  CHUNK_WINDOW,
  DEFAULT_LIMITS,
  HEARTBEAT_MS,
  HELLO_TIMEOUT_MS,
  type Limits,
  MAX_ADDRESSES,
  MAX_EXT_DEPTH,
  MAX_HEAD_BYTES,
  MAX_INVITE_CHARS,
  MAX_HEAL_MARKS,
  MAX_MARK_RANGES,
  GRANT_LEEWAY_S,
  MAX_CONTROLS,
  MAX_MORE_TURNS,
  MAX_RECEIPTS,
  MAX_STAMP_LEAD_MS,
  type Rate,
  REPLACE_PING_MS,
} from "./limits.ts";
export { checkMemberName, isMemberName, isRoomName, isSeatName, RESERVED_NAMES, suggestMemberName } from "./names.ts";
export { isLoopbackHost, parseRelayAddress, type RelayAddress } from "./origin.ts";
export type { Facts, Presence, SeatFacts } from "./presence.ts";
export { advances, DELIVERY_STATES, type DeliveryState, isFinal, type Receipt } from "./receipt.ts";
export { fail, type Failure, ok, type Result } from "./result.ts";
export { compareStamps, FIRST_STAMP, isStamp, nextStamp, stampParts } from "./stamp.ts";
export { byteLength, isLongerThan } from "./utf8.ts";
export { chooseVersion, VERSIONS } from "./version.ts";
