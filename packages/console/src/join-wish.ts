// Parses what a person filled in to join: a token or an invite, for this relay and no other.
import {
  checkMemberName,
  decodeInvite,
  fail,
  isRoomName,
  ok,
  parseRelayAddress,
  type RelayAddress,
  type Result,
  tokenOfInvite,
} from "@agora/protocol";

/** The fields as typed. */
export interface JoinFields {
  readonly name: string;
  readonly room: string;
  /** A token, or an invite, which also names the room. */
  readonly token: string;
}

/** Who wants to join what. */
export interface JoinWish extends JoinFields {
  readonly root?: string;
  readonly relayKey?: string;
}

/** The wish in the fields, or one sentence on what is wrong with them. */
export function readWish(fields: JoinFields, relay: RelayAddress): Result<JoinWish, "bad-request"> {
  const name = fields.name.trim().toLowerCase();
  const checked = checkMemberName(name);
  if (!checked.ok) return fail("bad-request", checked.message);
  const word = fields.token.trim();
  if (word === "") return fail("bad-request", "The room's token is missing: whoever owns the room has it.");
  if (!word.startsWith("agora1.")) {
    const room = fields.room.trim();
    return isRoomName(room)
      ? ok({ name, room, token: word })
      : fail("bad-request", "A room's name has letters, digits and dashes, such as lobby.");
  }
  const invite = decodeInvite(word);
  if (invite === undefined) return fail("bad-request", "This invite is not whole: copy it again.");
  const address = parseRelayAddress(invite.relay);
  if (!address.ok || address.value.origin !== relay.origin) {
    return fail("bad-request", `This invite is for another relay (${invite.relay}): open that one's console.`);
  }
  return ok({
    name,
    room: invite.room,
    token: tokenOfInvite(invite),
    ...(invite.root === undefined ? {} : { root: invite.root }),
    ...(invite.relayKey === undefined ? {} : { relayKey: invite.relayKey }),
  });
}
