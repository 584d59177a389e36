// Whether a control event is an operator's: its signature and hash hold, and its body brings a grant for its key.
import {
  type Control,
  controlSchema,
  fail,
  ok,
  openEvent,
  readBody,
  type Result,
  type SealedEvent,
} from "@agora/protocol";
import type { RelayContext } from "./context.ts";
import type { VerifiedControl } from "./controls.ts";

/** Verifies a control event of a room. [CONTROL-1] [CONTROL-2] */
export async function checkControl(
  relay: Pick<RelayContext, "grants" | "verifier">,
  room: string,
  sealed: SealedEvent,
): Promise<Result<VerifiedControl, "bad-event" | "forbidden" | "too-big">> {
  const opened = openEvent(sealed, relay.verifier);
  if (!opened.ok) return opened;
  const { head, body } = opened.value;
  if (head.kind !== "control" || head.room !== room) return fail("bad-event", "This is no control event of this room.");
  if (head.to.length > 0) return fail("bad-event", "A control is for the whole room.");
  const control: Control | undefined = readBody(controlSchema, body);
  if (control === undefined) return fail("bad-event", "The body of the control is not what this version knows.");
  const grant = await relay.grants.check(room, control.grant, head.author, head.key);
  if (!grant.ok) return fail("forbidden", grant.message);
  if (grant.value.grant !== "operator") return fail("forbidden", "A control needs an operator's grant.");
  // The whole room reads the grant in the body: only the key that it names may use it.
  if (grant.value.key !== head.key)
    return fail("forbidden", "A control needs a grant that is bound to its author's key.");
  return ok({ control, author: head.author, key: head.key, seq: head.seq, time: head.time, sealed });
}
