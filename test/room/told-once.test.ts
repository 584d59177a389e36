// A member's own statements are told to the room once, however many there are: also more than one member's statements that others keep.
import { join } from "node:path";
import { editPerson, findHome, personKeys } from "@agora/user-config";
import { createSigner, generateKeyPair } from "@agora/ports";
import { type KeyClaims, signStatement } from "@agora/protocol";
import { afterEach, expect, test } from "vitest";
import { type Member, makePlace, must, openRelay, type Place, request, until } from "./fixture.ts";

const places: Place[] = [];
afterEach(() => {
  for (const place of places.splice(0)) place.remove();
});

/** So many keys have ended. */
const ENDED = 150;

const told = ({ store }: Member): number =>
  [...store.history.from(0)].filter(({ value }) => "kind" in value && value.kind === "key").length;
const isAllAtRelay = ({ store }: Member): boolean =>
  Object.values(store.state.outbox).every(({ state }) => state !== "queued");

test("whose person has ended more keys than others keep tells each of it once, not again at each joining", async () => {
  await using relay = await openRelay();
  const place = makePlace("alice");
  places.push(place);
  const home = findHome({ AGORA_HOME: join(place.dir, "home") });
  const at = { origin: `ws://127.0.0.1:${relay.port}`, room: "lobby" };
  const { root } = must(await personKeys(home, at, "laptop"));
  const ended = await Promise.all(
    Array.from({ length: ENDED }, async () => {
      const claims: KeyClaims = { ...at, act: "revoke", by: root!.key, iat: 1, key: generateKeyPair().key, last: [] };
      return (await signStatement(claims, createSigner(root!))).jws;
    }),
  );
  must(await editPerson(home, at, (file) => ({ ...file, statements: [...file.statements, ...ended] })));
  const isTold = async (member: Member): Promise<void> => {
    await until("all is told", () => told(member) >= ENDED + 2 && isAllAtRelay(member));
  };
  {
    await using alice = await place.open(relay.port, {}, { person: true });
    await isTold(alice);
    expect(told(alice)).toBe(ENDED + 2);
  }
  await using alice = await place.open(relay.port, {}, { person: true });
  await until("she is in", () => alice.room.connection().state === "joined");
  // What it tells at joining is queued before.
  must(await request(alice, "say", { via: "cli", to: [], text: "here again" }));
  await until("all is at the relay", () => isAllAtRelay(alice));
  expect(told(alice)).toBe(ENDED + 2);
});
