// Events that have no place in the room's order: what is asked and answered in the lobby. They are signed as any other, and are
// never stamped, counted or kept. [LOBBY-3]
import {
  type Address,
  type LaterSigner,
  newId,
  type OpenEvent,
  signEvent,
  signEventLater,
  type Signer,
  type Verifier,
} from "@agora/protocol";
import type { Clock } from "@agora/ports";

/** Who says it. */
export interface UnplacedBy {
  readonly me: string;
  readonly room: string;
  readonly clock: Pick<Clock, "now">;
  readonly signer: Signer | LaterSigner;
  readonly verifier: Pick<Verifier, "sha256">;
}

/** Makes one, as the person's word. */
export async function unplacedEvent(
  { me, room, clock, signer, verifier }: UnplacedBy,
  said: { readonly kind: string; readonly to: Address; readonly body: string; readonly media: string },
): Promise<OpenEvent> {
  const id = newId();
  const whose = { id, room, author: me, role: "user", thread: id, chain: id, hop: 0, seq: 1 } as const;
  const draft = { ...whose, kind: said.kind, to: [said.to], time: clock.now() };
  const event = signEvent(draft, said.body, said.media, signer, verifier);
  return "sign" in signer ? event : signEventLater(event, signer);
}
