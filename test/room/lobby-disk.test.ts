// Letting somebody in on a disk that takes nothing: the person is told so, and whoever asked waits on.
import { findOwner } from "@agora/daemon";
import { createRoomRoot, findHome, keyPair } from "@agora/user-config";
import { decodeInvite, fail, tokenOfInvite } from "@agora/protocol";
import { afterEach, expect, test } from "vitest";
import { makePlace, must, openRelay, type Place, request, until } from "./fixture.ts";
import { join } from "node:path";

const places: Place[] = [];
afterEach(() => {
  for (const place of places.splice(0)) place.remove();
});
const place = (name: string): Place => {
  const made = makePlace(name);
  places.push(made);
  return made;
};

test.each([true, false])(
  "nobody is said to be let in or refused (%s) when the disk is full, and both go when there is room [LOBBY-6]",
  async (isAdmitted) => {
    const [olga, bob] = [place("olga"), place("bob")];
    const home = findHome({ AGORA_HOME: join(olga.dir, "home") });
    const root = must(await createRoomRoot(home, "lobby")).key;
    await using relay = await openRelay(0, 2_000, root, { grantsOnly: true });
    const at = { origin: `ws://127.0.0.1:${relay.port}`, room: "lobby", name: "olga" };
    const { key } = must(await keyPair(home, at));
    const owner = await findOwner(home, { room: "lobby", name: "olga", key, root });
    let isFull = false;
    await using o = await olga.open(
      relay.port,
      { root, token: owner!.grant },
      {
        owns: true,
        store: (store) => ({
          ...store,
          in: (record) => (isFull ? fail("disk", "The disk is full.") : store.in(record)),
        }),
      },
    );
    await until("olga is in", () => o.room.connection().state === "joined");
    const { invite } = must(await request(o, "invite", { via: "cli", ask: true }));
    await using b = await bob.open(relay.port, { root, token: tokenOfInvite(decodeInvite(invite)!) });
    const waiting = async () => must(await request(o, "invites", { via: "cli" })).waiting.map(({ name }) => name);
    await until("bob asks", async () => (await waiting()).includes("bob"));
    const decide = () => request(o, "admit", { via: "cli", name: "bob", ...(isAdmitted ? {} : { refuse: true }) });
    isFull = true;
    expect(await decide()).toMatchObject({ ok: false, code: "disk" });
    expect(await waiting()).toEqual(["bob"]);
    isFull = false;
    expect(await decide()).toMatchObject({ ok: true });
    const state = isAdmitted ? "joined" : "refused";
    await until("bob hears it", () => b.room.connection().state === state);
  },
);
