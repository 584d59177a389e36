// The new device's side of linking: it knocks by the link, shows what the six words are made of, waits for the person's yes on the
// first device, and takes what it is given. It is nobody in the room until then. [LINKING-2] [LINKING-4]
import { createLink, type SessionState } from "@agora/link";
import type { Clock, Dial, Log } from "@agora/ports";
import {
  ADMISSION,
  type Admission,
  admissionSchema,
  CLAIM,
  claimText,
  CLOSE_CODES,
  closeWords,
  type DeviceLink,
  devicesOf,
  type FromRelay,
  type Given,
  givenSchema,
  keyProofText,
  type LaterSigner,
  linkGrantText,
  linkSeed,
  linkWordsText,
  MAX_DEVICE_LINK_S,
  openEvent,
  openStatements,
  type Presence,
  readBody,
  type RelayAddress,
  type Signer,
  tokenOfInvite,
  type Verifier,
} from "@agora/protocol";
import type { InviteKeys } from "../kernel/invite-keys.ts";
import { unplacedEvent } from "../kernel/unplaced-event.ts";
import { type BoxKey, openBox } from "./box.ts";

/** Where linking stands, for the new device. */
export type Linking =
  /** The relay is not reached, or refuses for now. */
  | { readonly at: "reaching"; readonly why?: string }
  /** The first device is not in the room. */
  | { readonly at: "away" }
  /** The first device was asked and shows the words, or soon will. */
  | { readonly at: "asked" }
  | { readonly at: "linked"; readonly given: Given }
  | { readonly at: "over"; readonly why: string };

/** The keys of a device that is new. */
export interface NewcomerKeys {
  readonly member: Signer | LaterSigner;
  readonly device: Signer | LaterSigner;
  readonly box: BoxKey;
}

export interface NewcomerOptions {
  readonly link: DeviceLink;
  readonly relay: RelayAddress;
  readonly keys: NewcomerKeys;
  /** What the device calls itself. */
  readonly called: string;
  readonly inviteKeys: InviteKeys;
  readonly verifier: Verifier;
  readonly dial: Dial;
  readonly clock: Clock;
  readonly log: Log;
  readonly version: string;
  readonly changed: (now: Linking) => void;
  readonly timersMayLag?: boolean;
}

export interface Newcomer {
  /** The hash that both sides show as six words. */
  readonly print: string;
  /** When the link ends, by this machine's clock, as far as it knows the relay's; unix milliseconds. */
  endsAt(): number;
  start(): void;
  stop(): void;
}

/** How soon it tries again after the relay had no place for it: the first device may be on its way back. */
const AGAIN_MS = 5_000;

const NEW_ONE = "Make a new one on your first device: agora link.";
const EXPIRED = `This link holds for ten minutes, which are over. ${NEW_ONE}`;
const CHANGED = `This link was changed on its way, or is not whole. ${NEW_ONE}`;
const WRONG = `What came is not for this browser. ${NEW_ONE}`;
const NO_DEVICES = "This relay is too old to link a browser: have it updated.";
const WHY: Readonly<Record<string, string>> = {
  used: `Another device came by this link. ${NEW_ONE}`,
  revoked: `This link was taken back. ${NEW_ONE}`,
  expired: EXPIRED,
  refused: `Your first device said no: nothing was linked. ${NEW_ONE}`,
  "no-right": `The device that made this link does not know it any more. ${NEW_ONE}`,
};

/** Makes the new device's part; nothing happens before `start`. */
export function createNewcomer(options: NewcomerOptions): Newcomer {
  const { link, relay, keys, clock, verifier, inviteKeys, log, called } = options;
  const { by, room, root, origin } = link;
  const seed = linkSeed(link.secret, verifier);
  const claim = inviteKeys.keyOf(seed);
  const text = linkGrantText(link, claim);
  const grant = `${text}.${link.sig}`;
  const [member, device, box] = [keys.member.key, keys.device.key, keys.box.key];
  const me = { me: by.name, room, clock, signer: keys.member, verifier };
  const asked = new Set<string>();
  let isOver = false;
  let isHere = false;
  /** Since when the maker is here: one that was away for a moment has forgotten who asked. */
  let since: number | undefined;
  let endsAt = clock.now() + MAX_DEVICE_LINK_S * 1_000;
  let cancelEnd = (): void => undefined;
  let cancelAgain = (): void => undefined;

  const tell = (now: Linking): void => {
    if (isOver) return;
    if (now.at === "over" || now.at === "linked") {
      isOver = true;
      stop();
    }
    options.changed(now);
  };
  const over = (why: string): void => tell({ at: "over", why });

  const ask = async (): Promise<void> => {
    const about = { origin, room, by: root, iat: 0, act: "certify", as: "device", key: device, name: called } as const;
    const proof = await signWith(keys.device, keyProofText(about));
    const said = {
      grant,
      key: member,
      name: by.name,
      room,
      origin: relay.origin,
      device: { key: device, proof, box, called },
    };
    const unsigned = claimText(said);
    const body = `${unsigned}.${await inviteKeys.sign(seed, unsigned)}`;
    const to = { member: by.name, key: by.key };
    const event = await unplacedEvent(me, { kind: "claim", to, body, media: CLAIM });
    asked.add(event.head.id);
    session.send({ type: "knock", room, event: event.signed });
    tell({ at: "asked" });
  };
  const see = (members: readonly Presence[]): void => {
    const line = members.find(({ name, key }) => name === by.name && key === by.key);
    if (line === undefined) return;
    const came = line.online && (!isHere || line.since !== since);
    isHere = line.online;
    ({ since } = line);
    if (!isHere) tell({ at: "away" });
    else if (came) ask().catch((error: unknown) => log.warn("knock", { message: String(error) }));
  };

  const take = async ({ state, code = "refused", device: sealed }: Admission): Promise<void> => {
    if (state === "refused") return over(WHY[code] ?? WHY["refused"]!);
    if (state === "waits" || sealed === undefined) return;
    const opened = await openBox(keys.box, { member, device }, sealed);
    const given = opened === undefined ? undefined : readBody(givenSchema, opened);
    if (given === undefined || !isOurs(given)) return over(WRONG);
    tell({ at: "linked", given });
  };
  /** The device is one of the person whose root stands in the link. */
  const isOurs = ({ statements }: Given): boolean => {
    const claims = openStatements(statements, room, verifier).map((one) => one.claims);
    return devicesOf(claims, root).some((one) => one.key === device && one.origin === origin);
  };
  /** An admission counts only of who made the link, and only for what was asked. [LOBBY-7] */
  const hear = (frame: FromRelay): void => {
    if (frame.type === "presence") return see(frame.members);
    if (frame.type === "refused" && frame.code === "no-such-member") {
      isHere = false;
      return tell({ at: "away" });
    }
    const opened = frame.type === "knock" ? openEvent(frame.event, verifier) : undefined;
    if (opened?.ok !== true) return;
    const { head, body } = opened.value;
    const isTheirs = head.author === by.name && head.key === by.key && head.room === room;
    if (!isTheirs || head.kind !== "admission" || head.body.media !== ADMISSION) return;
    const admission = readBody(admissionSchema, body);
    if (admission !== undefined && asked.has(admission.about))
      take(admission).catch((error: unknown) => log.warn("admission", { message: String(error) }));
  };

  /** Without its maker in the room the relay has no place for it: it comes back until the link has expired. [LOBBY-8] */
  const refused = (state: Extract<SessionState, { at: "refused" }>): void => {
    isHere = false;
    if (state.why.code !== CLOSE_CODES.badToken.code) return over(closeWords(state.why, state.detail));
    tell({ at: "away" });
    cancelAgain();
    cancelAgain = clock.after(AGAIN_MS, () => session.start());
  };
  const session = createLink({
    url: relay.url,
    identity: {
      origin: relay.origin,
      room,
      name: by.name,
      token: tokenOfInvite({ token: grant, secret: seed }),
      client: `agora/${options.version}`,
      signer: keys.member,
      verifier,
    },
    dial: options.dial,
    clock,
    log,
    random: Math.random,
    ...(options.timersMayLag === undefined ? {} : { timersMayLag: options.timersMayLag }),
    around: () => ({ after: "0-0", facts: { kind: "person", mode: "manual", seats: [] }, controls: [] }),
    events: {
      joined({ features = [] }, { members }) {
        isHere = false;
        if (!features.includes("devices")) return over(NO_DEVICES);
        see(members);
      },
      room: hear,
      chunk: () => undefined,
      state(now) {
        if (now.at === "joining") noteTime(now.welcome.time);
        if (now.at === "refused") refused(now);
        if (now.at === "waiting") tell({ at: "reaching", why: now.words ?? closeWords(now.why, now.detail) });
      },
    },
  });
  /** The link ends by the relay's clock, whatever this device's says. */
  const noteTime = (relayNow: number): void => {
    const left = (link.iat + MAX_DEVICE_LINK_S) * 1_000 - relayNow;
    if (left <= 0) return over(EXPIRED);
    endsAt = clock.now() + left;
    cancelEnd();
    cancelEnd = clock.after(left, () => over(EXPIRED));
  };
  const stop = (): void => {
    cancelEnd();
    cancelAgain();
    session.stop();
  };
  return {
    print: verifier.sha256(linkWordsText({ root, by, claim }, { member, device, box })),
    endsAt: () => endsAt,
    start() {
      if (!verifier.verify(by.key, text, link.sig)) return over(CHANGED);
      cancelEnd = clock.after(MAX_DEVICE_LINK_S * 1_000, () => over(EXPIRED));
      tell({ at: "reaching" });
      session.start();
    },
    stop,
  };
}

async function signWith(signer: Signer | LaterSigner, text: string): Promise<string> {
  return "sign" in signer ? signer.sign(text) : signer.signLater(text);
}
