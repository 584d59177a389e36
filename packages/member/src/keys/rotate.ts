// Another key for this device: its device certifies the new one and says up to where the old one counts. All of that is made first, and
// kept in one step together with the new key; what the room is told of it is told by the new one.
import { fail, type KeyClaims, type Last, MAX_CHAIN_STATEMENTS, ok, type Result, signStatement } from "@agora/protocol";
import type { FormerKey } from "@agora/user-config";
import type { Kernel } from "../kernel/kernel.ts";
import type { PersonKeys } from "../kernel/person-keys.ts";
import type { Keys } from "./keeper.ts";
import { lastEventsOf } from "./last-events.ts";

/** How long each message is waited for that the relay has not stamped yet, milliseconds. */
const DRAIN_MS = 10_000;
/** Places that one statement to the room names: more than that would not fit. */
const PLACES_EACH = 6;
/** The longest name of an audience that fits into a statement, characters. */
const MAX_AUDIENCE_CHARS = 600;
const HELD =
  "This device has got a new key and is about to start anew with it: say it again then (agora update starts it).";

/** Gives this device another key, from its next start on; from now on the old one says nothing more. [KEYCHAIN-12] */
export async function rotateKey(
  kernel: Kernel,
  keeper: Keys,
  person: PersonKeys | undefined,
): Promise<Result<void, "not-allowed" | "disk">> {
  const { me, myKey, outbox } = kernel;
  const chain = keeper.chainOf(me, myKey);
  if (person?.replaceKey === undefined || chain === undefined || chain.revoked !== undefined)
    return fail("not-allowed", "The key of this member is not replaced here: revoke the device and link it anew.");
  if (person.statements().length + 3 > MAX_CHAIN_STATEMENTS)
    return fail(
      "not-allowed",
      `As much is stated of your keys as can be shown (${MAX_CHAIN_STATEMENTS}): revoke this device and link it anew.`,
    );
  outbox.hold(HELD);
  const drained = await drain(kernel);
  const kept = drained.ok ? await person.replaceKey((next) => say(kernel, person, next)) : drained;
  if (kept.ok) return ok(undefined);
  outbox.hold();
  return drained.ok ? fail("disk", kept.message) : drained;
}

/** What was said with the old key reaches the relay before: nothing of it is left that only that key could post. */
async function drain({ store, outbox }: Kernel): Promise<Result<void, "not-allowed">> {
  const queued = (): readonly string[] =>
    Object.values(store.state.outbox).flatMap(({ id, state }) => (state === "queued" ? [id] : []));
  for (const id of queued()) await outbox.settled(id, DRAIN_MS);
  // One that was refused has left a void behind.
  for (const id of queued()) await outbox.settled(id, DRAIN_MS);
  const [first] = queued();
  if (first === undefined) return ok(undefined);
  return fail(
    "not-allowed",
    `Messages of yours still wait for the relay (${outbox.waits(first) ?? "on their way"}): replace the key when they are there.`,
  );
}

/** What is said about the key that goes: to the room on what all know of, and to each group of members on what is between them. */
async function say(
  { store, myKey, verifier, clock, room }: Kernel,
  person: PersonKeys,
  next: string,
): Promise<FormerKey> {
  const last = lastEventsOf(store, myKey, verifier);
  const about = { origin: person.origin, room, iat: Math.floor(clock.now() / 1_000) };
  const revoke = async (places: readonly Last[]): Promise<string> => {
    const claims = {
      ...about,
      act: "revoke",
      by: person.device.key,
      key: myKey,
      next,
      last: [...places],
    } satisfies KeyClaims;
    return (await signStatement(claims, person.device)).jws;
  };
  const shared = last.filter(({ audience }) => !audience.startsWith("@"));
  const statements = [person.statements()[0]!];
  for (let from = 0; from === 0 || from < shared.length; from += PLACES_EACH)
    statements.push(await revoke(shared.slice(from, from + PLACES_EACH)));
  const told: { readonly jws: string; readonly audience: string }[] = [];
  for (const one of last)
    if (one.audience.startsWith("@") && one.audience.length <= MAX_AUDIENCE_CHARS)
      told.push({ jws: await revoke([one]), audience: one.audience });
  return { key: myKey, statements, told };
}
