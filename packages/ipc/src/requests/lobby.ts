// Invites, and who asks to be let in.
import * as z from "zod/mini";
import { ADMITTED_ROLES, type AdmittedRole, MAX_INVITE_USES } from "@agora/protocol";
import { defineRequest, gives } from "../define-request.ts";
import { personOnlyWords } from "../person-only.ts";
import { text, via } from "./arguments.ts";

/** An invite that was made. */
export interface InviteResult {
  /** The word to paste, `agora1.…`. */
  readonly invite: string;
  readonly id: string;
  readonly relay: string;
  readonly room: string;
  readonly grant: AdmittedRole;
  readonly uses: number;
  /** The one it is for; without it, whoever has the invite is let in by `by`. */
  readonly name?: string;
  readonly by?: string;
  /** A person decides about each who comes with it. */
  readonly ask?: true;
  /** Unix milliseconds, by this machine's clock. */
  readonly expires?: number;
}

/** An invite as it stands. */
export interface KnownInvite extends Omit<InviteResult, "invite" | "relay" | "room"> {
  readonly at: number;
  readonly ended?: "revoked" | "expired" | "used";
  /** Who came by it. */
  readonly used: readonly string[];
  /** Who came with it when no use was left: somebody else has it. */
  readonly beyond: readonly { readonly name: string; readonly key: string; readonly at: number }[];
}

/** Somebody who asks a person to be let in. */
export interface WaitingGuest {
  readonly name: string;
  readonly key: string;
  readonly invite: string;
  readonly at: number;
  /** Its own words. */
  readonly text?: string;
}

export interface InvitesResult {
  /** Whether this member may invite and admit. */
  readonly mayInvite: boolean;
  /** The newest first. */
  readonly invites: readonly KnownInvite[];
  readonly waiting: readonly WaitingGuest[];
}

/** Who came by the invite that was taken back. */
export interface RevokeInviteResult {
  readonly id: string;
  /** Whose grants were taken back with it. */
  readonly used: readonly string[];
  /** Whose were not: who took it back is not an operator, or they are more than one can take back. */
  readonly left?: readonly string[];
  /** Who decided, if it was somebody else: whom that one let in is not known here, and is in still. */
  readonly by?: string;
}

export interface AdmitResult {
  readonly name: string;
  readonly key: string;
  readonly admitted: boolean;
}

const inviteArgs = z.object({
  via,
  name: z.optional(text),
  grant: z.optional(z.enum(ADMITTED_ROLES)),
  uses: z.optional(z.int().check(z.minimum(1), z.maximum(MAX_INVITE_USES))),
  expiresS: z.optional(z.int().check(z.positive())),
  ask: z.optional(z.boolean()),
  by: z.optional(text),
});
export type InviteArgs = z.infer<typeof inviteArgs>;

export const lobbyRequests = {
  /** Makes an invite: for a name, or for whoever has it; then `by` (this member, or another that is lent the right) decides. */
  invite: defineRequest({
    args: inviteArgs,
    result: gives<InviteResult>(),
    who: "person",
    refusal: personOnlyWords("invite"),
    console: true,
  }),
  /** The invites made here, and who asks to be let in; `read`: the person has seen who came beyond the uses. */
  invites: defineRequest({
    args: z.object({ via, read: z.optional(z.boolean()) }),
    result: gives<InvitesResult>(),
    who: ({ read }) => (read === true ? "person" : "anyone"),
    refusal: personOnlyWords("marking as read"),
    console: true,
    shown: {},
  }),
  /** Takes an invite back, and with it the grants of those who came by it. */
  revokeInvite: defineRequest({
    args: z.object({ via, id: text }),
    result: gives<RevokeInviteResult>(),
    who: "person",
    refusal: personOnlyWords("invite"),
    console: true,
  }),
  /** Lets in who asked, or refuses. */
  admit: defineRequest({
    args: z.object({ via, name: text, refuse: z.optional(z.boolean()) }),
    result: gives<AdmitResult>(),
    who: "person",
    refusal: personOnlyWords("admit"),
    console: true,
  }),
} as const;
