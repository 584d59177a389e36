// Own events that the relay stamped while a recipient was away: given to it when it is back, at a pace, until its daemon
// confirms them. What the relay refuses for a time is tried again.
import type { Link } from "@agora/link";
import type { Clock, Log } from "@agora/ports";
import type { Refused } from "@agora/protocol";
import { isUndelivered, recipientOf } from "../delivery.ts";
import { signedEventOf } from "../record.ts";
import type { Persons } from "../persons.ts";
import type { Store } from "../store.ts";
import { headOf } from "./own-event.ts";

export interface Delivering {
  /** A member is here: what it has not confirmed is delivered. */
  to(name: string, key: string): void;
  /** The relay refused to deliver an event. */
  refused(id: string, frame: Refused): void;
}

/** Deliveries to a member who came back, per turn of the clock. */
const AT_ONCE = 100;
const EVERY_MS = 100;
/** Refusals of a delivery that pass, and when it is tried again if the relay does not say, milliseconds. */
const PASSING: Readonly<Partial<Record<string, number>>> = {
  rate: 5_000,
  busy: 5_000,
  paused: 30_000,
  stopped: 30_000,
};

/** Creates the deliverer over a store and a link. */
export function createDelivering(options: {
  readonly store: Store;
  readonly link: () => Link;
  readonly room: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly isJoined: () => boolean;
  readonly persons: Pick<Persons, "isSame">;
  /** Whether a member is in a channel now. */
  readonly isInChannel: (channel: string, name: string) => boolean;
  /** The members who are here, and the key each has. */
  readonly here: () => Iterable<{ readonly name: string; readonly key: string }>;
}): Delivering {
  const { store, link, room, clock, log } = options;
  const outbox = store.state.outbox;
  /** Refused for the rate or a brake: nobody but we would think of them again. */
  const refused = new Set<string>();
  let cancel: (() => void) | undefined = undefined as (() => void) | undefined;

  const give = (ids: string[], name: string): void => {
    for (const id of ids.splice(0, AT_ONCE)) {
      const event = outbox[id];
      const record = event?.position === undefined ? undefined : store.at(event.position);
      if (event?.stamp === undefined || record === undefined) continue;
      if (!link().send({ type: "deliver", room, to: name, stamp: event.stamp, event: signedEventOf(record) })) return;
    }
    if (ids.length > 0) clock.after(EVERY_MS, () => give(ids, name));
  };

  const deliver = (name: string, key: string, only?: ReadonlySet<string>): void => {
    const ids = Object.values(outbox)
      .filter((e) => {
        const recipient = recipientOf(e, name);
        if (only !== undefined && !only.has(e.id)) return false;
        return e.state === "relayed" && recipient !== undefined && isUndelivered(recipient);
      })
      .filter((e) => {
        const head = headOf(store, e);
        const meant = head?.to.find((a) => a.member === name)?.key;
        if (head === undefined || meant === undefined || !options.persons.isSame(name, meant, key)) return false; // [PIN-2]
        return head.channel === undefined || options.isInChannel(head.channel, name); // [CHANNEL-3]
      })
      .map((e) => e.id);
    give(ids, name);
  };

  const againIn = (ms: number): void => {
    cancel ??= clock.after(ms, () => {
      cancel = undefined;
      // Those alone: a reader that confirms nothing would be given all the others again and again.
      const only = new Set(refused);
      refused.clear();
      if (options.isJoined()) for (const { name, key } of options.here()) deliver(name, key, only);
    });
  };

  return {
    to: (name, key) => deliver(name, key),
    refused(id, { code, retryAfterMs }) {
      const again = PASSING[code];
      // What no later try changes, as another key, ends here; the recipient's return is its next occasion.
      if (again === undefined) return log.info("delivery-refused", { id, code });
      refused.add(id);
      againIn(retryAfterMs ?? again);
    },
  };
}
