// Posting an operator's control: the relay verifies it, and does what it says once it is stamped.
import { CLOSE_CODES, type SignedEvent } from "@agora/protocol";
import { busyFor, hasteOf } from "./brakes.ts";
import type { RelayContext } from "./context.ts";
import { checkControl } from "./control-check.ts";
import type { VerifiedControl } from "./controls.ts";
import { type Member, roleOf } from "./member.ts";
import { answered } from "./ports/answer.ts";
import { closeWithoutGrantIn } from "./upkeep.ts";
import { type Posted, Posting } from "./posting.ts";

/** Handles a `post` of a control. */
export async function postControl(relay: RelayContext, by: Member, posted: Posted, signed: SignedEvent): Promise<void> {
  const { room, connection } = by;
  const at = { room: room.name, id: posted.id };
  const known = await answered(relay.ports.events.find(room.name, by.key, posted.id), relay.clock);
  if (connection.member(room.name) !== by) return; // it has left in the meantime
  if (!known.ok) {
    const { code, sentence, retryAfterMs } = busyFor(room.line.retryMs);
    return connection.refuse(code, sentence, { ...at, retryAfterMs });
  }
  // What was done once is not done again: a member may be back since it was kicked. [POST-5]
  if (known.value !== undefined) return room.line.tell(new Posting(relay, by, posted, ""), known.value);
  const haste = hasteOf(relay, by, "control");
  if (haste !== undefined)
    return connection.refuse(haste.code, haste.sentence, { ...at, retryAfterMs: haste.retryAfterMs });
  const checked = checkControl(relay, room.name, signed);
  if (!checked.ok) return connection.refuse(checked.code, checked.message, at);
  if (roleOf(by) === "member") {
    by.operator = checked.value.entitlement; // it has shown its grant
    room.changed(by);
  }
  const other = room.controls.overruledBy(checked.value);
  if (other !== undefined) {
    // Otherwise its author would be told that it holds, and everybody would see it in the history. [CONTROL-16]
    const message = `@${other} has decided otherwise, and that word is the later one: nothing was changed.`;
    return connection.refuse("forbidden", message, at);
  }
  const done = (stamp: string): void => obey(relay, by, checked.value, stamp);
  room.line.place(new Posting(relay, by, posted, JSON.stringify(signed), done));
}

/** Does what a newly stamped control says. */
function obey(relay: RelayContext, by: Member, verified: VerifiedControl, stamp: string): void {
  const { controls, name } = by.room;
  controls.adopt(verified);
  controls.placed(verified.signed, stamp);
  relay.log.info("control", { room: name, name: by.name, act: verified.control.act });
  enforce(relay, by, verified);
}

/** Removes the members that a kick or ban names; brakes take effect by themselves. [CONTROL-6] */
function enforce(relay: RelayContext, by: Member, { control }: VerifiedControl): void {
  if (control.act === "revoke") return closeWithoutGrantIn(relay, by.room);
  if (control.act !== "kick" && control.act !== "ban") return;
  const code = control.act === "kick" ? CLOSE_CODES.kicked : CLOSE_CODES.banned;
  const isMeant = ({ name, key, entitlement }: Member): boolean => {
    if (control.act === "ban") return by.room.controls.isBanned(name, key, entitlement.jti); // [CONTROL-17]
    return control.key === undefined ? name === control.member : key === control.key;
  };
  const targets = [...by.room.members.values()].filter(isMeant);
  for (const member of targets) {
    relay.log.info(code.name, { room: by.room.name, name: member.name });
    member.connection.close(code);
  }
}
