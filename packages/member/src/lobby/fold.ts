// The invites this member decides about, as its journal has them: who was let in by which, who asked beyond its uses, who waits for
// a person. Its own order of lines is the order of claims. [LOBBY-6]
import { type AdmittedRole, GRANT_LEEWAY_S } from "@agora/protocol";

/** Somebody who was let in: by which grant, and when. */
export interface Admitted {
  readonly name: string;
  readonly key: string;
  /** The grant's id; when it begins and ends, in seconds. */
  readonly jti: string;
  readonly iat: number;
  readonly exp?: number;
  /** Unix milliseconds. */
  readonly at: number;
}

/** Somebody who claimed an invite that had no use left. */
export interface Beyond {
  readonly name: string;
  readonly key: string;
  readonly at: number;
}

/** An invite; plain JSON. */
export interface LobbyInvite {
  readonly id: string;
  readonly gives: AdmittedRole;
  readonly uses: number;
  readonly at: number;
  /** Its end, seconds by the room's time; a grant bound to a name may have none. */
  readonly exp?: number;
  /** The one name it is for: such a grant needs nobody to decide. */
  readonly name?: string;
  /** Another member decides. */
  readonly by?: string;
  /** A person decides about each. */
  readonly ask?: true;
  readonly revoked?: true;
  readonly used: readonly Admitted[];
  readonly beyond: readonly Beyond[];
}

/** Somebody who asks a person to be let in. */
export interface Asking {
  /** The event that asked last. */
  readonly about: string;
  readonly invite: string;
  readonly name: string;
  readonly key: string;
  readonly text?: string;
  readonly at: number;
}

export interface LobbyState {
  readonly invites: Record<string, LobbyInvite>;
  /** By the asker's key. */
  readonly asking: Record<string, Asking>;
}

export type LobbyRecord =
  /** `now` is the room's time, seconds; earlier versions left it out. */
  | { readonly op: "invite"; readonly invite: LobbyInvite; readonly now?: number }
  | { readonly op: "admitted"; readonly invite: string; readonly admitted: Admitted }
  | { readonly op: "beyond"; readonly invite: string; readonly beyond: Beyond }
  | { readonly op: "invite-revoked"; readonly id: string }
  | { readonly op: "asking"; readonly asking: Asking }
  | { readonly op: "asked-enough"; readonly key: string }
  | { readonly op: "beyond-seen"; readonly invite: string };

/** The kinds of its lines. */
export const LOBBY_OPS = [
  "invite",
  "admitted",
  "beyond",
  "invite-revoked",
  "asking",
  "asked-enough",
  "beyond-seen",
] as const satisfies readonly LobbyRecord["op"][];

/** Invites that are remembered. One that lets in still is not forgotten for another: its uses would begin anew. */
export const MAX_INVITES = 500;
/** Who waits for a person: an invite of which many know lets no more of them in here. */
export const MAX_ASKING = 50;
/** Who came with an invite that was used, of each invite. */
export const MAX_BEYOND = 10;

/** Nothing was ever asked. */
export function noLobby(): LobbyState {
  return { invites: {}, asking: {} };
}

/** Folds one line, in place. */
export function foldLobby(state: LobbyState, record: LobbyRecord): void {
  const { invites, asking } = state;
  const change = (id: string, to: (invite: LobbyInvite) => LobbyInvite): void => {
    const invite = invites[id];
    if (invite !== undefined) invites[id] = to(invite);
  };
  switch (record.op) {
    case "invite": {
      const { id, at } = record.invite;
      const ids = Object.keys(invites);
      const gone = ids.length < MAX_INVITES ? [] : forgettable(invites, record.now ?? at / 1_000);
      if (invites[id] !== undefined || ids.length - gone.length >= MAX_INVITES) return;
      for (const old of gone) delete invites[old];
      invites[id] = record.invite;
      return;
    }
    case "admitted": {
      const { admitted } = record;
      delete asking[admitted.key];
      return change(record.invite, (invite) =>
        admittedBy(invite, admitted.key) === undefined ? { ...invite, used: [...invite.used, admitted] } : invite,
      );
    }
    case "beyond":
      return change(record.invite, (invite) => {
        const others = invite.beyond.filter(({ key }) => key !== record.beyond.key);
        return { ...invite, beyond: [...others, record.beyond].slice(-MAX_BEYOND) };
      });
    case "beyond-seen":
      return change(record.invite, (invite) => ({ ...invite, beyond: [] }));
    case "invite-revoked":
      for (const one of Object.values(asking)) if (one.invite === record.id) delete asking[one.key];
      return change(record.id, (invite) => ({ ...invite, revoked: true, beyond: [] }));
    case "asking":
      if (asking[record.asking.key] !== undefined || Object.keys(asking).length < MAX_ASKING)
        asking[record.asking.key] = record.asking;
      return;
    case "asked-enough":
      delete asking[record.key];
  }
}

/** Whether no further invite is taken at this time (unix milliseconds by the room's time), since all that are known let in still. */
export function isFull({ invites }: Pick<LobbyState, "invites">, nowMs: number): boolean {
  const ids = Object.keys(invites);
  return ids.length >= MAX_INVITES && forgettable(invites, nowMs / 1_000).length === 0;
}

/** Which invite may go for another one: the oldest that nobody is let in by, or else the oldest for a name, whose grant needs nobody to count. */
function forgettable(invites: LobbyState["invites"], nowS: number): readonly string[] {
  const all = Object.values(invites);
  const isOver = ({ exp }: LobbyInvite): boolean => exp !== undefined && nowS >= exp + GRANT_LEEWAY_S;
  const oldest = all.find(isOver) ?? all.find(({ name }) => name !== undefined);
  return oldest === undefined ? [] : [oldest.id];
}

/** How this key was let in by an invite before. */
export function admittedBy({ used }: Pick<LobbyInvite, "used">, key: string): Admitted | undefined {
  return used.find((one) => one.key === key);
}

/** Why an invite lets nobody new in at this time (unix milliseconds by the room's time). */
export function endOf(invite: LobbyInvite, nowMs: number): "revoked" | "expired" | "used" | undefined {
  if (invite.revoked === true) return "revoked";
  if (invite.exp !== undefined && nowMs / 1_000 >= invite.exp) return "expired";
  return invite.name === undefined && invite.used.length >= invite.uses ? "used" : undefined;
}
