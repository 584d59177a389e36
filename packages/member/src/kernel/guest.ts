// A member that is not let in yet: it waits in the lobby, asks the one who decides each time that one is here, and joins with the
// grant it is answered with.
import type { ConnectionState } from "@agora/ipc";
import type { Link } from "@agora/link";
import type { Log } from "@agora/ports";
import {
  ADMISSION,
  type Admission,
  admissionSchema,
  CLAIM,
  claimText,
  type FromRelay,
  harmlessLine,
  inviteOfTicket,
  JOIN_REQUEST,
  type Joined,
  openEvent,
  openGrant,
  openLobbyGrant,
  type OpenLobbyGrant,
  type Presence,
  readBody,
  readTicket,
  type Result,
  type SignedEvent,
  type Verifier,
} from "@agora/protocol";
import type { InviteKeys } from "./invite-keys.ts";
import { type UnplacedBy, unplacedEvent } from "./unplaced-event.ts";

export interface Guest {
  /** By what it enters now: at first as its settings say, then by the grant that it was given. */
  token(): string;
  /** Whether it is not let in: nothing of the room concerns it. */
  isWaiting(): boolean;
  /** The relay gave it a place in the lobby. */
  joined(joined: Joined): void;
  /** A frame that came while it waits there. */
  hear(frame: FromRelay): void;
  /** The connection as surfaces show it, while there is something to say of the lobby. */
  connection(base: ConnectionState): ConnectionState;
}

/** What being a guest takes. */
export interface GuestOptions extends UnplacedBy {
  readonly myKey: string;
  /** The origin of the relay. */
  readonly relay: string;
  readonly token: string;
  readonly verifier: Verifier;
  /** Makes the claim; without it only a person can be asked. */
  readonly inviteKeys: InviteKeys | undefined;
  readonly root: () => string | undefined;
  readonly now: () => number;
  readonly link: () => Pick<Link, "send" | "start" | "stop">;
  /** The invite it was let in by before, and the grant it was given. */
  readonly before: { readonly invite: string; readonly grant: string } | undefined;
  /** Keeps the grant for the next start, and by which invite it came. */
  readonly keepToken: (token: string, invite: string) => Promise<Result<unknown>>;
  readonly changed: () => void;
  readonly log: Log;
}

const CHANGED = "This invite was changed, or is not of this room: ask for a new one.";

const WHY: Readonly<Record<string, string>> = {
  used: "This invite was used already: ask for another.",
  revoked: "This invite was taken back.",
  expired: "This invite has expired: ask for another.",
  "name-taken": "Somebody else has that name in this room: choose another (start -n NAME).",
  refused: "You were not let in.",
  "no-right": "Who made this invite may let nobody in any more: ask another operator.",
};

/** Creates the guest's part of a member; one whose token is not a ticket for the lobby never waits. */
export function createGuest(options: GuestOptions): Guest {
  const { me, myKey, room, verifier, log } = options;
  // Who gives the same invite again was let in by it, and needs nobody to be up.
  const invite = inviteOfTicket(options.token);
  let token = invite !== undefined && invite === options.before?.invite ? options.before.grant : options.token;
  let isHere = false;
  /** Waits for a person, as the one who decides said. */
  let waits: string | undefined;
  let refused: string | undefined;
  /** The ids of what was asked. */
  const asked = new Set<string>();

  const lobby = (): OpenLobbyGrant | undefined => {
    const grant = readTicket(token)?.grant;
    if (grant === undefined) return undefined;
    const opened = openLobbyGrant(grant, { root: options.root() ?? "", verifier, nowMs: options.now() });
    return opened.ok && opened.value.room === room ? opened.value : undefined;
  };
  const refuse = (sentence: string): void => {
    refused = sentence;
    options.link().stop();
    options.changed();
  };
  const bodyFor = async (grant: OpenLobbyGrant): Promise<{ kind: string; body: string; media: string } | undefined> => {
    const ticket = readTicket(token)!;
    if (grant.claim === undefined)
      return { kind: "join-request", body: JSON.stringify({ grant: ticket.grant }), media: JOIN_REQUEST };
    if (ticket.secret === undefined || options.inviteKeys === undefined) return undefined;
    const text = claimText({ grant: ticket.grant, key: myKey, name: me, room, origin: options.relay });
    return { kind: "claim", body: `${text}.${await options.inviteKeys.sign(ticket.secret, text)}`, media: CLAIM };
  };
  const ask = async (): Promise<void> => {
    const grant = lobby();
    const said = grant === undefined ? undefined : await bodyFor(grant);
    if (grant === undefined || said === undefined) return refuse(CHANGED);
    const event = await unplacedEvent(options, { ...said, to: { member: grant.by.name, key: grant.by.key } });
    asked.add(event.head.id);
    log.info("knocks", { by: grant.by.name });
    options.link().send({ type: "knock", room, event: event.signed });
  };
  const see = (members: readonly Presence[]): void => {
    const by = lobby()?.by;
    const line = members.find(({ name, key }) => name === by?.name && key === by.key);
    if (line === undefined) return;
    const came = line.online && !isHere;
    isHere = line.online;
    options.changed();
    if (came) ask().catch((error: unknown) => log.warn("knock", { message: String(error) }));
  };

  /** An admission counts only of who decides, and only for what was asked. [LOBBY-7] */
  const admissionIn = (signed: SignedEvent): Admission | undefined => {
    const by = lobby()?.by;
    const opened = openEvent(signed, verifier);
    if (!opened.ok) return undefined;
    const { head, body } = opened.value;
    const isTheirs = head.author === by?.name && head.key === by.key && head.room === room;
    if (!isTheirs || head.kind !== "admission" || head.body.media !== ADMISSION) return undefined;
    const admission = readBody(admissionSchema, body);
    return admission !== undefined && asked.has(admission.about) ? admission : undefined;
  };
  const isMine = (jwt: string): boolean => {
    const root = options.root();
    const opened = root === undefined ? undefined : openGrant(jwt, root, verifier, options.now());
    if (opened?.ok !== true) return false;
    const { key, sub, room: itsRoom } = opened.value;
    return key === myKey && sub === me && itsRoom === room;
  };
  const take = async ({ state, grant, code = "refused", text }: Admission): Promise<void> => {
    const more = text === undefined || text.trim() === "" ? "" : ` (${harmlessLine(text, 200)})`;
    if (state === "refused") return refuse(`${WHY[code] ?? WHY["refused"]!}${more}`);
    if (state === "waits" || grant === undefined) {
      waits = more;
      return options.changed();
    }
    if (!isMine(grant)) return log.warn("admission-refused", {});
    token = grant;
    const kept = await options.keepToken(grant, invite ?? "");
    if (!kept.ok) log.warn("grant-not-kept", { message: kept.message });
    log.info("admitted", {});
    options.link().stop();
    options.link().start();
  };

  return {
    token: () => token,
    isWaiting: () => readTicket(token) !== undefined,
    joined({ members }) {
      isHere = false;
      waits = undefined;
      options.changed();
      see(members);
    },
    hear(frame) {
      if (frame.type === "presence") see(frame.members);
      if (frame.type === "refused" && frame.code === "no-such-member") {
        isHere = false;
        options.changed();
      }
      const admission = frame.type === "knock" ? admissionIn(frame.event) : undefined;
      if (admission !== undefined)
        take(admission).catch((error: unknown) => log.warn("admission", { message: String(error) }));
    },
    connection(base) {
      if (refused !== undefined) return { ...base, state: "refused", reason: refused };
      if (readTicket(token) === undefined || base.state !== "joined") return base;
      const by = `@${lobby()?.by.name ?? ""}`;
      const reason =
        waits !== undefined
          ? `in the lobby: you asked ${by} to be let in, and wait for a person's yes${waits}`
          : isHere
            ? `in the lobby: ${by} is asked to let you in`
            : `in the lobby: ${by} lets people in and is away; you are let in when ${by} is back`;
      return { ...base, state: "connecting", reason };
    },
  };
}
