// Whether a control event is an operator's: its signature and hash hold, and its body brings a grant for its key, or its
// author came in with the relay's own operator token.
import {
  type Control,
  controlSchema,
  fail,
  isBeyondClocks,
  isWhole,
  ok,
  openEvent,
  readBody,
  type Result,
  type SealedEvent,
} from "@agora/protocol";
import type { RelayContext } from "./context.ts";
import type { VerifiedControl } from "./controls.ts";
import type { Entitlement } from "./grants.ts";
import type { Member } from "./room.ts";

/** Verifies a control event of a room; `by` posts it now. [CONTROL-1] [CONTROL-2] */
export async function checkControl(
  relay: Pick<RelayContext, "clock" | "grants" | "verifier">,
  room: string,
  sealed: SealedEvent,
  by?: Member,
): Promise<Result<VerifiedControl & { readonly entitlement?: Entitlement }, "bad-event" | "forbidden" | "too-big">> {
  const opened = openEvent(sealed, relay.verifier);
  if (!opened.ok) return opened;
  const { head, body } = opened.value;
  if (head.kind !== "control" || head.room !== room) return fail("bad-event", "This is no control event of this room.");
  if (head.to.length > 0) return fail("bad-event", "A control is for the whole room.");
  const control: Control | undefined = readBody(controlSchema, body);
  if (control === undefined) return fail("bad-event", "The body of the control is not what this version knows.");
  if (!isWhole(control)) return fail("bad-event", `A control "${control.act}" names too much or too little.`);
  if (isBeyondClocks(head.time, relay.clock.now()))
    return fail("forbidden", "The control's time is years ahead of this relay's clock: set the clock of your machine."); // [CONTROL-15]
  const verified = { control, author: head.author, key: head.key, seq: head.seq, time: head.time, sealed };
  if (control.grant === undefined) {
    // The relay's own word that it gave this member the operator's token; nobody else can check it. [CONTROL-10]
    return by?.entitlement.plain === true && by.entitlement.role === "operator"
      ? ok(verified)
      : fail("forbidden", "A control needs an operator's grant.");
  }
  const grant = await relay.grants.check(room, control.grant, head.author, head.key);
  if (!grant.ok) return fail("forbidden", grant.message);
  if (grant.value.grant !== "operator") return fail("forbidden", "A control needs an operator's grant.");
  // The whole room reads the grant in the body: only the key that it names may use it.
  if (grant.value.key !== head.key)
    return fail("forbidden", "A control needs a grant that is bound to its author's key.");
  return ok({ ...verified, entitlement: { role: "operator", jti: grant.value.jti, expiresS: grant.value.exp } });
}
