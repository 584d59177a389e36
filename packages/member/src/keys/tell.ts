// A member's own statements, told in the room: each once, also over restarts.
import type { FormerKey } from "@agora/user-config";
import { type Address, KEY_STATEMENT } from "@agora/protocol";
import type { Kernel } from "../kernel/kernel.ts";
import { placeOf, signatureOf } from "./fold.ts";

/** Tells the room each statement once; resolves when all of it is on the disk, with the ids of what is on its way. */
export async function tellRoom(kernel: Kernel, statements: readonly string[]): Promise<readonly string[]> {
  const { outbox, events } = kernel;
  const ids: string[] = [];
  const queued: Promise<unknown>[] = [];
  for (const jws of statements) {
    if (isTold(kernel, jws)) continue;
    const event = events.make({ role: "agent", kind: "key", to: [], body: jws, media: KEY_STATEMENT });
    ids.push(event.head.id);
    queued.push(outbox.queue(event, [], ""));
  }
  await Promise.all(queued);
  return ids;
}

/** Tells members what is said to them alone about keys that were replaced here. [KEYCHAIN-12] */
export function tellFormer(kernel: Kernel, former: readonly FormerKey[]): void {
  const { outbox, events } = kernel;
  for (const { jws, audience } of former.flatMap(({ told }) => told)) {
    const to = addressesOf(kernel, audience);
    if (to.length === 0 || isTold(kernel, jws)) continue;
    const event = events.make({ role: "agent", kind: "key", to, body: jws, media: KEY_STATEMENT });
    void outbox.queue(
      event,
      to.map(({ member }) => member),
      "",
    );
  }
}

/** The members of an audience that has names, under the keys they are known by; this person's other devices are told what it says. [DEVICE-4] */
export function addressesOf({ me, keyOf }: Kernel, audience: string): readonly Address[] {
  return (audience.startsWith("@") ? audience.slice(1).split(",") : []).flatMap((member) => {
    const key = member === me ? undefined : keyOf(member);
    return key === undefined ? [] : [{ member, key }];
  });
}

function isTold({ store, myKey, options }: Kernel, jws: string): boolean {
  const mine = [myKey, ...(options.person?.former ?? []).map(({ key }) => key)];
  return (
    Object.hasOwn(store.state.toldStatements, signatureOf(jws)) ||
    mine.some((by) => store.state.keys[placeOf({ jws, by })]?.event !== undefined) ||
    Object.values(store.state.outbox).some(({ sealed }) => sealed?.body === jws)
  );
}
