// Whether a control event is an operator's: its body contains a grant for its key, and its signature and hash are right.
// Cheap checks come first, because anybody may offer controls.
import {
  byteLength,
  type Control,
  controlSchema,
  fail,
  idsOf,
  isBeyondClocks,
  isWhole,
  ok,
  openEvent,
  readBody,
  readHead,
  type Result,
  type SignedEvent,
} from "@agora/protocol";
import type { RelayContext } from "./context.ts";
import type { VerifiedControl } from "./controls.ts";
import { type Entitlement, entitlementOf } from "./grants.ts";

/** A control is short: it is stored, and sent to every newcomer. */
const MAX_BODY_BYTES = 16_384;

/** Verifies a control event of a room. [CONTROL-1] [CONTROL-2] */
export function checkControl(
  relay: Pick<RelayContext, "clock" | "grants" | "verifier" | "rooms">,
  room: string,
  signed: SignedEvent,
): Result<VerifiedControl & { readonly entitlement: Entitlement }, "bad-event" | "forbidden" | "too-big"> {
  const read = readHead(signed.head);
  if (!read.ok) return read;
  const head = read.value;
  if (head.kind !== "control" || head.room !== room)
    return fail("bad-event", "This is not a control event of this room.");
  if (head.to.length > 0) return fail("bad-event", "A control is for the whole room.");
  if (byteLength(signed.body) > MAX_BODY_BYTES)
    return fail("too-big", `A control has at most ${MAX_BODY_BYTES} bytes: say less in its reason.`);
  const control: Control | undefined = readBody(controlSchema, signed.body);
  if (control === undefined) return fail("bad-event", "The body of the control is not what this version knows.");
  if (!isWhole(control)) return fail("bad-event", `A control "${control.act}" names too much or too little.`);
  if (isBeyondClocks(head.time, relay.clock.now()))
    return fail("forbidden", "The control's time is years ahead of this relay's clock: set the clock of your machine."); // [CONTROL-15]
  if (control.grant === undefined)
    return fail("forbidden", "A control needs an operator's grant: who joined with the relay's token updates agora.");
  const grant = relay.grants.check(room, control.grant, { name: head.author, key: head.key });
  if (!grant.ok) return fail("forbidden", grant.message);
  if (grant.value.grant !== "operator") return fail("forbidden", "A control needs an operator's grant.");
  // The whole room can read the grant in the body, so only the key it names may use it.
  if (grant.value.key !== head.key)
    return fail("forbidden", "A control needs a grant that is bound to its author's key.");
  if (relay.rooms.get(room)?.controls.isRevoked(idsOf(grant.value)) === true)
    return fail("forbidden", "The operator's grant was taken back."); // [GRANT-10]
  const opened = openEvent(signed, relay.verifier);
  if (!opened.ok) return opened;
  const verified = { control, author: head.author, key: head.key, seq: head.seq, time: head.time, signed };
  return ok({ ...verified, entitlement: entitlementOf(grant.value) });
}
