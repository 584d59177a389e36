// The folds of a room: what journals hold gives the state, the same for daemon, console and tests.
export {
  foldOutbox,
  isDone,
  isUndelivered,
  MAX_FINISHED,
  type Outbox,
  type OutboxRecord,
  type OwnEvent,
  type Recipient,
} from "./delivery.ts";
export {
  type Closing,
  foldInbox,
  type Inbox,
  type InboxRecord,
  isAsked,
  isHeldByOther,
  isToShowAgain,
  type Item,
  LEASE_MS,
  MAX_ITEMS,
  mayReach,
  type Rung,
} from "./inbox.ts";
export { addRange, addSeq, foldMark, gapsOf, hasSeq, markOf, type Marks, type Ranges, subtract } from "./marks.ts";
export {
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
