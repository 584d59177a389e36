// What a member knows although its history was dropped, or begun by an earlier version: what decided its channels, and what
// an operator said.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { channel } from "../../packages/member/src/channels/requests.ts";
import { control } from "../../packages/member/src/controls/requests.ts";
import { RawMember } from "../../relay-server/test/raw-member.ts";
import { claimFolder, openFolderAt, openStore } from "@agora/daemon";
import type { Retention, Store } from "@agora/member";
import { createRoomRoot, findHome } from "@agora/user-config";
import type { RequestArgs } from "@agora/ipc";
import { createSigner, createVerifier, generateKeyPair, silentLog, systemClock } from "@agora/ports";
import { CHANNEL, parseRelayAddress, signEvent, TEXT } from "@agora/protocol";
import { type HistoryRecord, isRestamp, toRecord } from "@agora/member";
import { DEFAULT_RELAY_CONFIG, type Relay } from "@agora/relay";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Member, makePlace, must, openRelay, type Place, until } from "./fixture.ts";

let relay: Relay;
let places: Place[];
const place = (name: string): Place => {
  const made = makePlace(name);
  places.push(made);
  return made;
};
beforeEach(async () => {
  relay = await openRelay();
  places = [];
});
afterEach(async () => {
  await relay.close();
  for (const p of places) p.remove();
});

const build = "build";
const act = (member: Member, what: RequestArgs<"channel">["act"], more: Partial<RequestArgs<"channel">> = {}) =>
  channel(member.room, { via: "cli", act: what, channel: build, ...more });
const stateOf = (member: Member) => member.room.channels.list().find(({ name }) => name === build);
const inChannel = (member: Member, ...names: string[]): Promise<unknown> =>
  until(`${names.join()} in the channel`, () => names.every((n) => member.room.channels.has(build, n)));
const joined = (member: Member): Promise<unknown> => until("joined", () => member.room.connection().state === "joined");
const kinds = (store: Store): string[] =>
  [...store.history.from(0)].flatMap(({ value }) => (isRestamp(value) ? [] : [value.kind]));

/** The memory at a place, while no room is open there. */
function openAt(at: Place, keep: Retention = {}): Store {
  const folder = must(openFolderAt(join(at.dir, "project", ".agora")));
  const { origin } = must(parseRelayAddress(`ws://127.0.0.1:${relay.port}`));
  const { mark } = must(claimFolder(folder, { origin, room: "lobby", name: at.name }, Date.now()));
  return must(openStore({ folder, mark, clock: systemClock, log: silentLog, keep }));
}

/** So much comes to a member that nothing stays of what its history has now. */
function dropHistory(at: Place): void {
  const store = openAt(at, { maxBytes: 1 });
  const verifier = createVerifier();
  const zoe = createSigner(generateKeyPair());
  for (let seq = 1; seq <= 40; seq += 1) {
    const id = `z${String(seq).padStart(19, "0")}`;
    const to = [{ member: at.name }];
    const draft = { id, room: "lobby", author: "zoe", role: "user", kind: "ping", to, thread: id, chain: id } as const;
    const event = signEvent({ ...draft, to, hop: 0, seq, time: seq }, "x".repeat(500_000), TEXT, zoe, verifier);
    must(store.keep(toRecord(event, `${1_600_000_000_000 + seq}-0`, seq), event.head));
  }
  store.checkpoint();
  expect(new Set(kinds(store))).toEqual(new Set(["ping"]));
  store.close();
}

/** Changes what the checkpoint at a place says. */
function edit(at: Place, change: (text: string) => string): void {
  const path = join(at.dir, "project", ".agora", "checkpoint.json");
  writeFileSync(path, change(readFileSync(path, "utf8")));
}

/** As an earlier version wrote it: where a decision stands in the history, and not the event. */
function withoutEvents(text: string): string {
  const checkpoint = JSON.parse(text) as { readonly state: { channelActs: unknown } };
  const { state } = checkpoint;
  const strip = (key: string, value: unknown): unknown => (key === "sealed" ? undefined : value);
  state.channelActs = JSON.parse(JSON.stringify(state.channelActs, strip));
  return JSON.stringify(checkpoint);
}

describe("a channel whose past was dropped", () => {
  /** Alice opened the channel and removed Carol, Bob heard it; both are away now. */
  async function begun(): Promise<[bob: Place, carolsKey: string]> {
    const bobs = place("bob");
    await using alice = await place("alice").open(relay.port);
    await using bob = await bobs.open(relay.port);
    await using carol = await place("carol").open(relay.port);
    await Promise.all([alice, bob, carol].map(joined));
    must(await act(alice, "join", { text: "at first" }));
    for (const member of [bob, carol]) {
      await inChannel(member, "alice");
      must(await act(member, "join"));
    }
    await inChannel(alice, "bob", "carol");
    must(await act(alice, "topic", { text: "what breaks" }));
    must(await act(alice, "remove", { member: "carol" }));
    await until("bob knows", () => bob.room.channels.removalOf(build, carol.room.myKey));
    return [bobs, carol.room.myKey];
  }

  /** The relay knows nothing any more; only Bob can tell what was decided. */
  async function tellsNewcomer(bobs: Place, carolsKey: string): Promise<void> {
    const { port } = relay;
    await relay.close();
    // Of the past itself a newcomer is given the newest event alone.
    const limits = { ...DEFAULT_RELAY_CONFIG.limits, history: 1 };
    relay = await openRelay(port, 2_000, undefined, { limits });
    await using bob = await bobs.open(port);
    await using dora = await place("dora").open(port);
    await inChannel(dora, "bob");
    must(await act(dora, "join"));
    await until("dora knows the removal", () => dora.room.channels.removalOf(build, carolsKey));
    expect(dora.room.channels.removalOf(build, carolsKey)).toMatchObject({ member: "carol", by: "alice" });
    expect(stateOf(dora)).toMatchObject({ owner: "alice", topic: "what breaks", unread: 0 });
    expect(stateOf(bob)).toMatchObject({ owner: "alice", topic: "what breaks" });
  }

  test("tells a newcomer still who opened it, its topic and who was removed [CHANNEL-5]", async () => {
    const [bobs, carolsKey] = await begun();
    dropHistory(bobs);
    await tellsNewcomer(bobs, carolsKey);
  });

  test("also where an earlier version had kept it in the history alone [CHANNEL-5]", async () => {
    const [bobs, carolsKey] = await begun();
    edit(bobs, withoutEvents);
    {
      await using bob = await bobs.open(relay.port);
      expect(stateOf(bob)).toMatchObject({ owner: "alice", topic: "what breaks" });
    }
    dropHistory(bobs);
    await tellsNewcomer(bobs, carolsKey);
  });

  test("and what does not fit beside what it decided is told from the history, as long as that has it", async () => {
    const [bobs, carolsKey] = await begun();
    edit(bobs, withoutEvents);
    await tellsNewcomer({ ...bobs, open: (port) => bobs.open(port, {}, { store: unsealing }) }, carolsKey);
  });
});

/** A store that folds no event beside what it decided. */
function unsealing(store: Store): Store {
  return Object.create(store, {
    in: {
      value: (...[record]: Parameters<Store["in"]>) =>
        record.op === "channel-act" && record.heard.sealed !== undefined ? { ok: true, value: 0 } : store.in(record),
    },
  }) as Store;
}

describe("a restart", () => {
  test("turns nothing over that was decided, whoever told of it [CHANNEL-7]", async () => {
    const bobs = place("bob");
    await using alice = await place("alice").open(relay.port);
    await joined(alice);
    must(await act(alice, "join"));
    {
      await using bob = await bobs.open(relay.port);
      await inChannel(bob, "alice");
      must(await act(bob, "join"));
      await until("alice told bob", () => stateOf(bob)?.owner === "alice");
      const isLate = ({ value }: { value: HistoryRecord | object }): boolean => "late" in value;
      expect([...bob.store.history.from(0)].some(isLate)).toBe(true);
      const channels = { channels: [build] };
      using mallory = await RawMember.join({ url: `ws://127.0.0.1:${relay.port}` }, { name: "mallory" }, channels);
      await inChannel(bob, "mallory");
      mallory.post(mallory.seal(JSON.stringify({ act: "open" }), { kind: "channel", channel: build }, CHANNEL));
      await until("bob heard", () => [...bob.store.history.back()].some(({ value }) => isBy("mallory", value)));
      expect(stateOf(bob)?.owner).toBe("alice");
    }
    // Bob has been in it for long.
    edit(bobs, (text) => text.replace(/"since":"[^"]*"/g, '"since":"1600000000000-0"'));
    await using again = await bobs.open(relay.port);
    await joined(again);
    expect(stateOf(again)?.owner).toBe("alice");
  });
});

const isBy = (name: string, value: object): boolean => "author" in value && value.author === name;

describe("an operator's word", () => {
  test("holds when its history was dropped, after a restart and without a relay [CONTROL-4] [CONTROL-7]", async () => {
    await relay.close();
    const [olgas, bobs] = [place("olga"), place("bob")];
    const { key: root } = must(await createRoomRoot(findHome({ AGORA_HOME: join(olgas.dir, "home") }), "lobby"));
    relay = await openRelay(0, 2_000, root);
    const { port } = relay;
    let carolsKey: string;
    {
      await using olga = await olgas.open(port, { root }, { owns: true });
      await using bob = await bobs.open(port, { root });
      await using carol = await place("carol").open(port, { root });
      await Promise.all([olga, bob, carol].map(joined));
      carolsKey = carol.room.myKey;
      await until("olga knows carol", () => olga.room.members.isHere("carol"));
      must(await control(olga.room, { via: "cli", act: "ban", member: "carol" }));
      must(await control(olga.room, { via: "cli", act: "stop", reason: "enough" }));
      await until("bob heard", () => bob.room.controls.brake()?.act === "stop");
      expect(kinds(bob.store)).toContain("control");
    }
    await relay.close();
    dropHistory(bobs);
    const holds = (bob: Member): void => {
      expect(bob.room.controls.brake()?.act).toBe("stop");
      expect(bob.room.controls.state()).toMatchObject({ stopped: { by: "olga", reason: "enough" } });
      expect(bob.room.controls.isBanned("carol", carolsKey)).toBe(true);
    };
    {
      const bob = await bobs.open(port, { root });
      holds(bob);
      bob.crash();
    }
    // So it is to the room when the relay has forgotten it as well.
    relay = await openRelay(port, 2_000, root);
    await using bob = await bobs.open(port, { root });
    await joined(bob);
    holds(bob);
  });
});
