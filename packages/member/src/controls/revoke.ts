// Taking grants back, and removing a member: a ban, and every grant it holds by which it or others could come again. [GRANT-10]
import type { RequestArgs, Results } from "@agora/ipc";
import { CONTROL, type Control, fail, idsOf, MAX_REVOKED, ok, openGrant, type Result } from "@agora/protocol";
import { readHeld } from "./fold.ts";
import { type Code, type Context, control } from "./requests.ts";

/** How long it waits for the relay, milliseconds. */
const STAMP_WITHIN_MS = 3_000;

/** Takes grants back, for everybody; those this operator took back before stay so. */
export async function revoke(
  room: Context,
  ids: readonly string[],
): Promise<Result<{ readonly state: "relayed" | "queued" }, "not-allowed" | "disk">> {
  const grant = room.controls.operatorGrant();
  if (grant === undefined) return fail("not-allowed", "Only an operator can take a grant back.");
  const all = [...new Set([...room.controls.ownRevoked(), ...ids])];
  // Who was taken back first must not be let in again by the two hundred and first. [GRANT-10]
  if (all.length > MAX_REVOKED)
    return fail(
      "not-allowed",
      `One operator takes back at most ${MAX_REVOKED} grants, and these would be ${all.length}: have another operator take back the rest, or ban who is in by them.`,
    );
  const body: Control = { act: "revoke", ids: all, grant };
  const event = room.events.make({
    ...{ role: "user", kind: "control", to: [], body: JSON.stringify(body), media: CONTROL },
    time: room.controls.timeOf(body),
  });
  const queued = await room.outbox.queue(event, [], "revoke");
  if (!queued.ok) return queued;
  const { id } = event.head;
  await room.outbox.settled(id, STAMP_WITHIN_MS);
  const own = room.store.state.outbox[id];
  if (own?.state === "rejected")
    return fail(
      "not-allowed",
      `The relay refused it (${own.reason ?? "no reason was given"}): an older relay takes grants back by its own list alone.`,
    );
  const isQueued = room.outbox.waits(id) !== undefined;
  if (isQueued) room.obey(event, body); // here it holds while the relay is away, too
  return ok({ state: isQueued ? "queued" : "relayed" });
}

/** Removes a member: bans its key and name, and takes its grants back. */
export async function remove(room: Context, args: RequestArgs<"remove">): Promise<Result<Results["remove"], Code>> {
  const banned = await control(room, {
    via: args.via,
    act: "ban",
    member: args.member,
    ...(args.reason === undefined ? {} : { reason: args.reason }),
    ...(args.once === undefined ? {} : { once: args.once }),
  });
  if (!banned.ok) return banned;
  const { member: name = "", key = "", notes = [], act: _, seat: __, ...more } = banned.value;
  const { ids, left } = grantsOf(room, name, key);
  const done = { ...more, member: name, key, revoked: ids };
  if (ids.length === 0) return ok({ ...done, notes: [...notes, ...left] });
  const taken = await revoke(room, ids);
  if (taken.ok) return ok({ ...done, notes: [...notes, ...left] });
  return ok({ ...done, revoked: [], notes: [...notes, ...left, `It is banned. ${taken.message}`] });
}

/** The ids of all grants this member is known to hold, but those by which others came, too. */
function grantsOf(
  room: Context,
  name: string,
  key: string,
): { readonly ids: readonly string[]; readonly left: readonly string[] } {
  const { store, members, verifier, roomTime } = room;
  const came = members.grantIdOf(name, key);
  const isShared = came !== undefined && members.byGrant(came).some((one) => one.key !== key);
  const { granted } = store.state;
  const { invites } = store.state.lobby;
  const admitted = Object.values(invites).flatMap(({ id, name: bound, used }) => [
    ...(bound === name ? [id] : []),
    ...used.filter((one) => one.key === key).map(({ jti }) => jti),
  ]);
  const given = Object.entries(granted).flatMap(([id, to]) => (to.key === key ? [id] : []));
  const root = room.root();
  // An operator shows its grant in each of its controls.
  const shown = Object.values(store.state.controls).flatMap((held) => {
    const jwt = held.key === key ? readHeld(held)?.control.grant : undefined;
    const opened = jwt === undefined || root === undefined ? undefined : openGrant(jwt, root, verifier, roomTime.now());
    return opened?.ok === true && opened.value.key === key ? idsOf(opened.value).slice(-1) : [];
  });
  const ids = [...new Set([...(came === undefined || isShared ? [] : [came]), ...admitted, ...given, ...shown])];
  const left = isShared
    ? ["Others came by the same invite: it stays theirs, and lets nobody else in."]
    : ids.length === 0
      ? ["It came by no grant that is known here, so there was none to take back."]
      : [];
  return { ids, left };
}
