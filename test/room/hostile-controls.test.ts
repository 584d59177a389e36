// A raw client that ignores an operator, words of those who are none, and a relay that passes them on: scripted frames.
import { createRoomRoot, findHome, signGrant } from "@agora/user-config";
import { generateKeyPair } from "@agora/ports";
import { type GrantRole, MAX_CONTROL_LEAD_MS, type SignedEvent } from "@agora/protocol";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { inbox } from "../../packages/member/src/messages/inbox.ts";
import { ipcSession, type Member, makePlace, must, type Place, until } from "./fixture.ts";
import { eventFrame, Peer } from "./peer.ts";
import { ScriptedRelay } from "./scripted-relay.ts";

const me = [{ member: "alice" }];
let place: Place;
let relay: ScriptedRelay;
let olga: Peer;
let bob: Peer;
let alice: Member;
let root: string;
let clock = 0;

const home = () => findHome({ AGORA_HOME: join(place.dir, "home") });
const stamp = (n = (clock += 1)): string => `1700000000000-${n}`;
async function grantFor(
  key: string | undefined,
  more: { role?: GrantRole; sub?: string; exp?: number } = {},
): Promise<string> {
  const { role = "operator", ...rest } = more;
  const bound = key === undefined ? {} : { key };
  return must(await signGrant(home(), { room: "lobby", grant: role, ...bound, ...rest })).jwt;
}
const brake = () => alice.room.controls.brake()?.act;
const shown = (): string[] => alice.room.seats.prompt("claude", true).items.map((i) => i.line.text);
const kept = (text: string) =>
  [...alice.store.history.from(0)].map(({ value }) => value).find((line) => "text" in line && line.text === text);
const hear = (event: SignedEvent, at = stamp(), by?: string): void => relay.give(eventFrame(event, at, by));

beforeEach(async () => {
  place = makePlace("alice");
  root = must(await createRoomRoot(home(), "lobby")).key;
  relay = new ScriptedRelay();
  [olga, bob] = [new Peer("olga"), new Peer("bob")];
  relay.members = [olga.presence(), bob.presence()];
  alice = await place.open(1, { mode: "auto", root }, { dial: relay.dial });
  await until("joined", () => alice.room.connection().state === "joined");
  alice.room.seats.attach(ipcSession("1"), "claude", "s1");
});
afterEach(async () => {
  await alice[Symbol.asyncDispose]();
  place.remove();
});

describe("a stop", () => {
  test("is not got past by a raw client: what it says is kept, handed to nobody, and it is told [CONTROL-11]", async () => {
    const before = bob.seal("said before the stop", { to: me, role: "agent" });
    const at = [stamp(), stamp()];
    hear(olga.sealControl({ act: "stop", grant: await grantFor(olga.key) }), at[1]);
    expect(brake()).toBe("stop");
    for (const role of ["agent", "user"] as const) {
      const asked = bob.seal(`asked as ${role}`, { to: me, role });
      hear(asked);
      hear(bob.seal(`said as ${role}`, { role }));
      await until("the author is told", () =>
        relay.sent("receipts").some((f) => f.items.some((r) => r.id === asked.id && r.state === "rejected")),
      );
      expect(kept(`said as ${role}`)).toMatchObject({ withheld: expect.stringContaining("stopped") as unknown });
    }
    hear(before, at[0]);
    expect(inbox(alice.room, { via: "cli" }).items.map((i) => i.text)).toEqual(["said before the stop"]);
    expect(shown()).toEqual(["said before the stop", "stopped the room"]);
    hear(olga.sealControl({ act: "reset", grant: await grantFor(olga.key) }));
    hear(bob.seal("said after", { role: "agent" }));
    expect(shown()).toEqual(expect.arrayContaining(["said after"]));
    expect(shown().some((text) => text.startsWith("said as"))).toBe(false);
  });

  test("holds for who was told of it at joining, also for what the relay gives again", async () => {
    relay.controls = [olga.sealControl({ act: "stop", grant: await grantFor(olga.key) }, { time: 5_000 })];
    relay.cut();
    await until("told", () => brake() === "stop");
    relay.give({ ...eventFrame(bob.seal("older", { time: 4_000, role: "agent" }), stamp()), late: true });
    relay.give({ ...eventFrame(bob.seal("newer", { time: 6_000, role: "agent" }), stamp()), late: true });
    relay.give(eventFrame(bob.seal("now, backdated", { time: 4_000, role: "agent" }), stamp()));
    expect(shown()).toEqual(["older"]);
  });

  test("and by the stop's place where the relay tells it, whatever the clocks of both authors say [CONTROL-11] [TIME-1]", async () => {
    const stop = olga.sealControl({ act: "stop", grant: await grantFor(olga.key) }, { time: 5_000 });
    const [before, at, after] = [stamp(), stamp(), stamp()];
    relay.controls = [{ ...stop, stamp: at } as SignedEvent];
    relay.cut();
    await until("told", () => brake() === "stop");
    relay.give({
      ...eventFrame(bob.seal("older, by a clock ahead", { time: 9_000, role: "agent" }), before),
      late: true,
    });
    relay.give({
      ...eventFrame(bob.seal("newer, by a clock behind", { time: 1_000, role: "agent" }), after),
      late: true,
    });
    expect(shown()).toEqual(["older, by a clock ahead"]);
  });
});

describe("a control", () => {
  test("that bans a grant bars whoever comes by it, though a relay lets them in [CONTROL-7] [CONTROL-17]", async () => {
    const [kit, dan] = [new Peer("kit"), new Peer("dan")];
    const grantId = "the-id-of-an-invite";
    relay.give({ type: "presence", room: "lobby", members: [kit, dan].map((one) => ({ ...one.presence(), grantId })) });
    const ban = { act: "ban", member: "bob", key: bob.key, grantId, spare: [dan.key] } as const;
    hear(olga.sealControl({ ...ban, grant: await grantFor(olga.key) }));
    for (const one of [bob, kit, new Peer("bob"), dan]) hear(one.seal(`by ${one.name}`, { role: "agent" }));
    expect(shown().filter((text) => text.startsWith("by"))).toEqual(["by dan"]);
    hear(olga.sealControl({ act: "unban", member: "bob", key: bob.key, grant: await grantFor(olga.key) }));
    for (const one of [bob, kit]) hear(one.seal(`again ${one.name}`, { role: "agent" }));
    expect(shown().filter((text) => text.startsWith("again"))).toEqual(["again bob", "again kit"]);
  });

  test("that is ahead of every clock counts for nothing, so that another word can always be later [CONTROL-15]", async () => {
    const granted = await grantFor(olga.key);
    for (const time of [Number.MAX_SAFE_INTEGER, Date.now() + MAX_CONTROL_LEAD_MS + 3_600_000]) {
      hear(olga.sealControl({ act: "stop", reason: `at ${time}`, grant: granted }, { time }));
      expect(brake()).toBeUndefined();
      expect(kept(`stopped the room: at ${time}`)).toMatchObject({ withheld: "no operator's grant" });
    }
    hear(olga.sealControl({ act: "stop", grant: granted }, { time: Date.now() + 86_400_000 }));
    expect(brake()).toBe("stop");
  });

  test("counts with an operator's grant that is bound to its key, and in no other way [CONTROL-2]", async () => {
    const stranger = new Peer("olga", generateKeyPair());
    const foreign = makePlace("elsewhere");
    const elsewhere = findHome({ AGORA_HOME: join(foreign.dir, "home") });
    must(await createRoomRoot(elsewhere, "lobby"));
    const forged = must(await signGrant(elsewhere, { room: "lobby", grant: "operator", key: olga.key })).jwt;
    foreign.remove();
    const [head = "", body = "", sig = ""] = (await grantFor(olga.key)).split(".");
    const none = Buffer.from(JSON.stringify({ alg: "none" })).toString("base64url");
    const bad: Record<string, string | undefined> = {
      none: undefined,
      unbound: await grantFor(undefined),
      another: await grantFor(bob.key),
      member: await grantFor(olga.key, { role: "member" }),
      observer: await grantFor(olga.key, { role: "observer" }),
      name: await grantFor(olga.key, { sub: "bob" }),
      expired: await grantFor(olga.key, { exp: Math.floor(Date.now() / 1_000) - 120 }),
      forged,
      "no algorithm": `${none}.${body}.${sig}`,
      unsigned: `${head}.${body}.${"A".repeat(86)}`,
      garbage: "x",
    };
    for (const [what, grant] of Object.entries(bad)) {
      hear(olga.sealControl({ act: "stop", reason: what, grant }), stamp(), grant === undefined ? "bob" : undefined);
      expect([what, brake()]).toEqual([what, undefined]);
      expect(kept(`stopped the room: ${what}`)).toMatchObject({ withheld: "no operator's grant" });
    }
    hear(stranger.sealControl({ act: "stop", grant: await grantFor(stranger.key) })); // another key under a pinned name
    expect(brake()).toBeUndefined();
    expect(shown()).toEqual([]);
    hear(olga.sealControl({ act: "stop", grant: await grantFor(olga.key, { sub: "olga" }) }));
    expect(brake()).toBe("stop");
  });

  test("that names nobody where it has to, or too much, decides nothing [CONTROL-8]", async () => {
    const grant = await grantFor(olga.key);
    for (const body of [
      { act: "ban" },
      { act: "stop", member: "bob" },
      { act: "pause", seat: "claude" },
      { act: "inject" },
    ])
      hear(olga.sealControl({ ...body, grant }));
    expect(alice.store.state.controls).toEqual({});
  });

  test("a banned key is not heard, whoever passes it on [CONTROL-7]", async () => {
    hear(olga.sealControl({ act: "ban", key: bob.key, member: "bob", grant: await grantFor(olga.key) }));
    hear(bob.seal("from the banned"));
    hear(bob.seal("handed on", { to: me }), stamp(), "olga");
    expect(kept("from the banned") ?? kept("handed on")).toBeUndefined();
  });

  test("an observer's events are refused, as far as the relay says it is one [GRANT-7]", () => {
    relay.give({ type: "presence", room: "lobby", members: [{ ...bob.presence(), grant: "observer" }] });
    hear(bob.seal("I only look"));
    expect(kept("I only look")).toBeUndefined();
  });
});
