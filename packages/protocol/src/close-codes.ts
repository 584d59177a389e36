// The table of close codes: what each means in one sentence, and whether a client may come back. The reconnect logic reads
// the row, never the number.

/** `yes`: soon, with backoff; `later`: slowly, after at least 15 s; `never`: not until a person changes something. */
export type Retry = "yes" | "later" | "never";

export interface CloseCode {
  readonly code: number;
  readonly name: string;
  readonly sentence: string;
  readonly retry: Retry;
}

function row(code: number, name: string, retry: Retry, sentence: string): CloseCode {
  return { code, name, sentence, retry };
}

/** Every close code of the wire. [CLOSE-1] */
export const CLOSE_CODES = {
  normal: row(1000, "normal", "never", "The connection was closed as asked: join again to come back."),
  goingAway: row(
    1001,
    "going-away",
    "yes",
    "The relay is shutting down or being redeployed: wait, the client comes back by itself.",
  ),
  badToken: row(
    1008,
    "bad-token",
    "never",
    "The token or grant is wrong, expired or revoked: ask the room's owner for a new invite.",
  ),
  tooBig: row(
    1009,
    "too-big",
    "later",
    "A frame was larger than the relay takes: send less at once, or ask its operator for a higher limit.",
  ),
  protocol: row(
    4000,
    "protocol",
    "never",
    "The relay did not understand what was sent: update the client and the relay, they do not fit together.",
  ),
  helloTimeout: row(
    4001,
    "hello-timeout",
    "yes",
    "No hello came within the time the relay waits: the client tries again; if it goes on, check the network.",
  ),
  version: row(
    4002,
    "version",
    "never",
    "The relay and this client share no protocol version: update the older of the two.",
  ),
  badSignature: row(
    4003,
    "bad-signature",
    "never",
    "The hello was not signed by its key for this relay and this connection: check the address, else update the client.",
  ),
  replaced: row(
    4004,
    "replaced",
    "never",
    "A newer connection of the same key took this member's place: stop one of the two, or give it another name.",
  ),
  kicked: row(
    4005,
    "kicked",
    "later",
    "An operator removed this member from the room: ask them why; the client may come back after a while.",
  ),
  banned: row(
    4006,
    "banned",
    "never",
    "An operator banned this key, name or invite from the room: only an operator can take that back, so ask them.",
  ),
  slowReader: row(
    4008,
    "slow-reader",
    "yes",
    "This connection did not read what was sent to it in time: it comes back by itself; if it goes on, check the network.",
  ),
  nameTaken: row(
    4009,
    "name-taken",
    "later",
    "Another connection holds this name in the room: choose another name, or stop the other one.",
  ),
  roomFull: row(
    4010,
    "room-full",
    "later",
    "The room has as many members as the relay allows: wait until one leaves, or ask its operator for a higher limit.",
  ),
  flooding: row(
    4011,
    "flooding",
    "later",
    "This connection sent far more frames than the relay takes: let the client send less; it comes back after a while.",
  ),
  invalidName: row(
    4012,
    "invalid-name",
    "never",
    "The name is not one a member may have: choose another, of letters, digits, - and _.",
  ),
  wrongOrigin: row(
    4013,
    "wrong-origin",
    "never",
    "The hello names another relay than this one: check the relay's address.",
  ),
  unknownRoom: row(
    4014,
    "unknown-room",
    "never",
    "The relay does not serve this room: check the room's name, or ask the relay's operator for it.",
  ),
  tooManyRooms: row(
    4015,
    "too-many-rooms",
    "later",
    "The relay holds as many rooms as it may: use one that is there, or ask its operator for a higher limit.",
  ),
  unproven: row(
    4016,
    "unproven",
    "later",
    "The relay did not prove the key that is kept for its address: ask its admin whether the key has changed.",
  ),
  busy: row(4017, "busy", "yes", "The relay can't do this for the moment: wait, the client comes back by itself."),
} as const satisfies Record<string, CloseCode>;

/** Not a code of the wire: the connection was never made, so nothing can have been lost. */
export const UNREACHED: CloseCode = row(1006, "unreached", "yes", "The relay can't be reached.");

/** The close reason: the code's sentence plus any detail. A relay sends the sentence itself, cut to the allowed length. */
export function closeWords({ sentence }: CloseCode, detail: string): string {
  const rest = detail.replace(/…$/, "").trim();
  return rest === "" || sentence.startsWith(rest) ? sentence : `${sentence.replace(/\.$/, "")} (${rest}).`;
}

/** What a relay says of a device that another one of its person shows to have ended, with `name-taken`. [DEVICE-2] */
export const ENDED_DEVICE = "Its person has revoked this device, or renewed the root key that certified it.";

const byNumber = new Map<number, CloseCode>(Object.values(CLOSE_CODES).map((r) => [r.code, r]));

/** The row of a close code; an unknown number counts as a lost connection: come back. [CLOSE-2] */
export function closeCode(code: number): CloseCode {
  return byNumber.get(code) ?? row(code, "lost", "yes", "The connection to the relay was lost.");
}
