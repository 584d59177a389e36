// Operators' decisions as a daemon obeys them: pauses hold what would be handed, bans silence, whoever passes it on.
import { generateKeyPair, type KeyPair } from "@agora/ports";
import { afterEach, beforeEach, describe, expect } from "vitest";
import { grant } from "../../relay-server/test/raw-member.ts";
import { verifies } from "../verifies.ts";
import { type Member, makePlace, type Place, until } from "./fixture.ts";
import { eventFrame, Peer } from "./peer.ts";
import { ScriptedRelay } from "./scripted-relay.ts";

const me = [{ member: "alice" }];
let place: Place;
let relay: ScriptedRelay;
let root: KeyPair;
let bob: Peer;
let operator: Peer;
let alice: Member;

const open = async (): Promise<void> => {
  alice = await place.open(1, { mode: "auto", root: root.key }, { dial: relay.dial });
  await until("joined", () => alice.room.connection().state === "joined");
};
beforeEach(async () => {
  place = makePlace("alice");
  relay = new ScriptedRelay();
  root = generateKeyPair();
  [bob, operator] = [new Peer("bob"), new Peer("olga")];
  relay.members = [bob.presence(), operator.presence()];
  await open();
});
afterEach(async () => {
  await alice[Symbol.asyncDispose]();
  place.remove();
});

const entitle = (key: string | undefined, role: "operator" | "member" = "operator", by = root): Promise<string> =>
  grant(by, { room: "lobby", grant: role, ...(key === undefined ? {} : { key }) });
const held = (): string | undefined => alice.room.brakes().held;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
let stamps = 0;
const stamp = (): string => `1700000000000-${(stamps += 1)}`;

describe("a ban", () => {
  verifies(["CONTROL-7"], "silences a key, also when the relay passes it on, until it is lifted", async () => {
    const token = await entitle(operator.key);
    relay.give(eventFrame(bob.seal("before", { to: me }), stamp()));
    relay.give(eventFrame(operator.sealControl({ act: "ban", key: bob.key, grant: token }), stamp()));
    await until("banned", () => Object.keys(alice.store.state.controls).length === 1);
    relay.give(eventFrame(bob.seal("after", { to: me }), stamp()));
    relay.give(eventFrame(bob.seal("late", { to: me }), stamp(), "olga"));
    expect(Object.keys(alice.store.state.inbox)).toHaveLength(1);
    alice.crash();
    await open();
    relay.give(eventFrame(bob.seal("again", { to: me }), stamp()));
    expect(Object.keys(alice.store.state.inbox)).toHaveLength(1);
    relay.give(eventFrame(operator.sealControl({ act: "unban", key: bob.key, grant: token }), stamp()));
    await until("lifted", () => Object.values(alice.store.state.controls).every((c) => c.act === "unban"));
    relay.give(eventFrame(bob.seal("forgiven", { to: me }), stamp()));
    expect(Object.keys(alice.store.state.inbox)).toHaveLength(2);
  });
});

describe("a control", () => {
  verifies(["CONTROL-2"], "counts only with an operator's grant for its author's own key", async () => {
    const others = generateKeyPair();
    const grants = [
      await entitle(bob.key), // overheard
      await entitle(undefined),
      await entitle(operator.key, "member"),
      await entitle(operator.key, "operator", others),
      "not.a.grant",
    ];
    for (const token of grants) relay.give(eventFrame(operator.sealControl({ act: "stop", grant: token }), stamp()));
    await pause(100);
    expect([held(), alice.store.state.controls]).toEqual([undefined, {}]);
  });

  verifies(
    ["JOIN-10", "CONTROL-4"],
    "that was decided while a member was away is told at joining, and offered at the next",
    async () => {
      const paused = operator.sealControl({ act: "pause", grant: await entitle(operator.key) });
      const { head, sig, body } = paused;
      relay.controls = [
        { head, sig, body },
        { head, sig, body: `${body} ` },
      ];
      relay.cut();
      await until("paused", () => held() === "an operator paused the room");
      relay.controls = [];
      relay.cut();
      expect((await relay.next("join", 3)).controls).toEqual([{ head, sig, body }]);
    },
  );
});
