// What we need from the outside world, each with its real form; the in-memory twins are in `@agora/ports/testing`.
export { type Cancel, type Clock, scopedClock, systemClock } from "./clock.ts";
export { type Connection, type ConnectionEvents, type Dial } from "./connection.ts";
export { createDial, type DialOptions, endOf } from "./connection-ws.ts";
export { createLaterVerifier, createSigner, createVerifier, generateKeyPair, type KeyPair, keyPairOf } from "./keys.ts";
export { fileLog, type Log, type LogFields, silentLog } from "./log.ts";
export { type Appended, type Journal, openJournal } from "./journal.ts";
export type { JournalOptions } from "./journal-segments.ts";
export type { Entry } from "./journal-lines.ts";
export { isOwnFile, isOwnFolder, NotOurFile, NotOurFolder, openOwnFile } from "./own-file.ts";
