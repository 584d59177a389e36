// The public API of the wire protocol.
export {
  type Address,
  audienceOf,
  formatAddress,
  isForPersonAlone,
  leadingAddresses,
  type LeadingAddresses,
  leadingChannel,
  type LeadingChannel,
  parseAddress,
} from "./address.ts";
export {
  type Card,
  CARD,
  cardSchema,
  isRepositoryLabel,
  isRepositoryUrl,
  type Repository,
  repositorySchema,
} from "./card.ts";
export { gives, mayAs, type Right, RIGHTS } from "./rights.ts";
export {
  type Budget,
  BUDGET,
  budgetSchema,
  CHANNEL,
  CHANNEL_ACTS,
  CHANNEL_ROLES,
  type ChannelAct,
  type ChannelRole,
  channelActSchema,
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
export { linkOf } from "./chain-link.ts";
export {
  CLOSE_CODES,
  closeCode,
  type CloseCode,
  closeWords,
  ENDED_DEVICE,
  type Retry,
  UNREACHED,
} from "./close-codes.ts";
export { type DecodeCode, decodeFromClient, decodeFromRelay, encode } from "./codec.ts";
export { type Ban, type Bans, bansOf } from "./bans.ts";
export {
  type ControlOrder,
  controlTime,
  controlWords,
  decidedBy,
  isBeyondClocks,
  isLaterControl,
  isNeutral,
  isSameDecision,
  isWhole,
} from "./control-order.ts";
export { ERROR_CODES, type ErrorCode } from "./error-codes.ts";
export { FILE_CODES, type FileCode, mayAskAgain } from "./file-codes.ts";
export {
  ABOUT,
  type Draft,
  EVENT_PREFIX,
  type Head,
  type LaterVerifier,
  isKey,
  isSignature,
  openEvent,
  type OpenEvent,
  openEventLater,
  readHead,
  type Role,
  signedSchema,
  type SignedEvent,
  signEvent,
  signEventLater,
  type LaterSigner,
  type Signer,
  type Verifier,
} from "./event.ts";
export { isKnownKind, isText, isUnderstood, type Kind, kindOf, KINDS, type KindRow } from "./kinds.ts";
export {
  type Chain,
  chainOf,
  currentRoot,
  devicesOf,
  isAccepted,
  isUntold,
  openStatements,
  readChain,
  recoveryOf,
  verificationText,
} from "./key-chain.ts";
export {
  type Certify,
  CERTIFIED_AS,
  KEY_STATEMENT,
  type KeyClaims,
  keyClaimsSchema,
  keyProofText,
  type Last,
  openStatement,
  readStatement,
  type Revoke,
  type Rotate,
  signStatement,
  type Statement,
} from "./key-statement.ts";
export { escapeUnseen, safeJson } from "./safe-json.ts";
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
  type Knock,
  type Post,
  type Refused,
  type Stamped,
  type Welcome,
} from "./frames.ts";
export {
  GRANT_ROLES,
  type GrantClaims,
  grantClaimsSchema,
  type GrantFault,
  type GrantRole,
  ROOM_ROLES,
  type RoomRole,
  idsOf,
  isWithin,
  jwtText,
  MAY,
  namedByToken,
  openGrant,
  type OpenGrant,
} from "./grant.ts";
export { decodeInvite, encodeInvite, type Invite, maxBoxChars } from "./invite.ts";
export {
  type Admission,
  ADMISSION,
  ADMISSION_CODES,
  admissionSchema,
  ADMITTED_ROLES,
  type AdmittedRole,
  CLAIM,
  type Claim,
  claimText,
  inviteOfTicket,
  isLobbyToken,
  JOIN_REQUEST,
  joinRequestSchema,
  KNOCK_KINDS,
  type LobbyClaims,
  openClaim,
  openLobbyGrant,
  type OpenLobbyGrant,
  readTicket,
  tokenOfInvite,
} from "./lobby.ts";
export { fromBase64Url, toBase64Url } from "./base64url.ts";
export { sixWords } from "./six-words.ts";
export {
  decodeDeviceLink,
  type DeviceBox,
  type DeviceLink,
  encodeDeviceLink,
  type Given,
  givenSchema,
  linkGrantText,
  linkId,
  linkSeed,
  linkWordsText,
  type NewDevice,
  newLinkSecret,
} from "./device-link.ts";
export { cutName, cutText } from "./cut.ts";
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
  MAX_DEVICE_LINK_S,
  MAX_DEVICE_NAME_CHARS,
  MAX_GRANT_CHARS,
  MAX_GRANT_DEPTH,
  MAX_INVITE_CHARS,
  MAX_INVITE_USES,
  MAX_KNOCK_BYTES,
  MAX_KNOCKS,
  MAX_LOBBY_TEXT_CHARS,
  MAX_HEAL_MARKS,
  MAX_MARK_RANGES,
  GRANT_LEEWAY_S,
  MAX_ANSWER_CHARS,
  MAX_CHAIN_STATEMENTS,
  MAX_CARD_PURPOSE_CHARS,
  MAX_CARD_TITLE_CHARS,
  MAX_REPOSITORIES,
  MAX_REPOSITORY_URL_CHARS,
  MAX_CHANNELS,
  MAX_CHOICES,
  MAX_CHOICE_CHARS,
  MAX_CONTROL_LEAD_MS,
  MAX_CONTROLS,
  MAX_REVOKED,
  MAX_SPARED,
  MAX_DEVICES,
  MAX_DECISION_TITLE_CHARS,
  MAX_MORE_TURNS,
  MAX_LAST,
  MAX_OTHERWISE_CHARS,
  MAX_QUESTION_CHARS,
  MAX_RECEIPTS,
  MAX_STAMP_LEAD_MS,
  MAX_STATEMENT_BYTES,
  MAX_TOPIC_CHARS,
  type Rate,
  REPLACE_PING_MS,
} from "./limits.ts";
export {
  checkMemberName,
  isChannelName,
  isMemberName,
  isRoomName,
  isSeatName,
  RESERVED_NAMES,
  suggestMemberName,
} from "./names.ts";
export { isLoopbackHost, parseRelayAddress, type RelayAddress } from "./origin.ts";
export { type Greeting, isGrantToken, NO_RELAY_KEY, proofText, welcomeText } from "./relay-key.ts";
export type { Facts, Presence, PresentDevice, SeatFacts } from "./presence.ts";
export {
  ANSWER,
  answerSchema,
  answerWords,
  type Choice,
  choiceSchema,
  type Decision,
  DECISION,
  decisionSchema,
  misfitOf,
  PICKS,
  type Question,
  QUESTION,
  type QuestionAnswer,
  questionSchema,
} from "./question.ts";
export { advances, DELIVERY_STATES, type DeliveryState, isFinal, type Receipt } from "./receipt.ts";
export { fail, type Failure, ok, type Result } from "./result.ts";
export { compareStamps, FIRST_STAMP, isStamp, MAX_STAMP_N, nextStamp, stampParts } from "./stamp.ts";
export { byteLength, isLongerThan } from "./utf8.ts";
export { chooseVersion, VERSIONS } from "./version.ts";
export { OWN_STATE, type OwnState, ownStateSchema } from "./own-state.ts";
export { messageLink, readMessageLink } from "./message-link.ts";
