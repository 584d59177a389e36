// The folds of a room: what journals hold gives the state, the same for daemon, console and tests.
export { putLatest } from "./latest.ts";
export {
  type Chain,
  type Chains,
  foldAsked,
  foldChain,
  foldMore,
  foldWoken,
  limitOf,
  pathOf,
  patternOf,
  turnsOf,
} from "./chains.ts";
export {
  actInForce,
  decidedThings,
  foldControl,
  type HeldControl,
  type HeldControls,
  inForce,
  isBanned,
  pauseOf,
  readHeld,
} from "./controls.ts";
export {
  foldOutbox,
  isDone,
  isNews,
  isUndelivered,
  MAX_FINISHED,
  type Outbox,
  type OutboxRecord,
  type OwnEvent,
  type Recipient,
  recipientOf,
} from "./delivery.ts";
export {
  type Closing,
  foldInbox,
  type Inbox,
  type InboxRecord,
  isAsked,
  isExpired,
  isHeldByOther,
  isToShowAgain,
  type Item,
  LEASE_MS,
  leastNeeded,
  MAX_ITEMS,
  mayReach,
  type Rung,
} from "./inbox.ts";
export { addRange, addSeq, foldMark, hasSeq, markOf, type Marks, type Ranges, subtract } from "./marks.ts";
export {
  budgetOf,
  controlOf,
  eventOf,
  type HistoryLine,
  type HistoryRecord,
  isRestamp,
  offerOf,
  readHeadOf,
  type RestampRecord,
  sealedOf,
  textOf,
  toRecord,
} from "./record.ts";
export {
  foldSeats,
  freeSeatName,
  type Seat,
  type SeatRecord,
  type Seats,
  SEAT_KEPT_MS,
  seatOfSession,
} from "./seats.ts";
