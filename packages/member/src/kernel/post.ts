// The one way by which a request says something: on the disk, posted, and answered only when it is known what became of it.
import { fail, ok, type OpenEvent, type Result } from "@agora/protocol";
import type { Outbox } from "./outbox/outbox.ts";
import type { Store } from "./store.ts";

/** What posting needs. */
interface Ways {
  readonly outbox: Outbox;
  readonly store: Store;
}

/** How long a request waits for the stamp of a relay that is there, on a busy machine too, before it answers `queued`; milliseconds. */
const STAMP_WITHIN_MS = 5_000;

/** Where an event is when its request is answered; a queued one says what it waits for. */
export interface Posted {
  readonly state: "relayed" | "queued";
  readonly reason?: string;
}

/**
 * Posts an event of our own and waits a moment for the relay. `to` are the members whose receipts are followed, `preview` is one
 * harmless line for `status`. `disk`: it is nowhere; `not-allowed`: the relay refused it, so that
 * nothing was said. `onQueued` runs as soon as it is on the disk, for what waits for no relay.
 */
export async function post(
  { outbox, store }: Ways,
  event: OpenEvent,
  to: readonly string[],
  preview: string,
  onQueued: () => void = () => undefined,
): Promise<Result<Posted, "disk" | "not-allowed">> {
  const queued = await outbox.queue(event, to, preview);
  if (!queued.ok) return queued;
  onQueued();
  return whatBecame({ outbox, store }, event.head.id);
}

/** What became of an event of our own that is on the disk, after a moment for the relay. */
export async function whatBecame({ outbox, store }: Ways, id: string): Promise<Result<Posted, "not-allowed">> {
  await outbox.settled(id, STAMP_WITHIN_MS);
  const own = store.state.outbox[id];
  if (own?.state === "rejected")
    return fail("not-allowed", `The relay refused it: ${own.reason ?? "it gave no reason"}`);
  const reason = outbox.waits(id);
  return ok(reason === undefined ? { state: "relayed" } : { state: "queued", reason });
}
