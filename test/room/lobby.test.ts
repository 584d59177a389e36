// Invites that name nobody, on real rooms and a real relay: who is let in, by whom, and what everybody else sees of it.
import { createRoomRoot, findHome, type Settings } from "@agora/user-config";
import { generateKeyPair } from "@agora/ports";
import { verifyRecord } from "@agora/member";
import { decodeInvite, MAX_REVOKED, openGrant, tokenOfInvite } from "@agora/protocol";
import { createVerifier } from "@agora/ports";
import type { InviteArgs, InviteResult } from "@agora/ipc";
import type { Relay } from "@agora/relay";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { makePlace, type Member, must, openRelay, type Place, request, until } from "./fixture.ts";

let relay: Relay;
let root: string;
let places: Map<string, Place>;
let opened: Member[];

beforeEach(async () => {
  places = new Map();
  opened = [];
  const home = findHome({ AGORA_HOME: join(place("olga").dir, "home") });
  root = must(await createRoomRoot(home, "lobby")).key;
  relay = await openRelay(0, 2_000, root, { grantsOnly: true });
});
afterEach(async () => {
  for (const member of opened) await member[Symbol.asyncDispose]();
  await relay.close();
  for (const one of places.values()) one.remove();
});

function place(name: string, at = name): Place {
  const known = places.get(at) ?? makePlace(name);
  places.set(at, known);
  return known;
}
async function open(name: string, settings: Partial<Settings>, at = name, owns = false): Promise<Member> {
  const member = await place(name, at).open(relay.port, { root, ...settings }, { owns });
  opened.push(member);
  return member;
}
/** Olga owns the room. */
async function openOlga(): Promise<Member> {
  const { findOwner } = await import("@agora/daemon");
  const { keyPair } = await import("@agora/user-config");
  const home = findHome({ AGORA_HOME: join(place("olga").dir, "home") });
  const origin = `ws://127.0.0.1:${relay.port}`;
  const { key } = must(await keyPair(home, { origin, room: "lobby", name: "olga" }));
  const owner = await findOwner(home, { room: "lobby", name: "olga", key, root });
  const olga = await open("olga", { token: owner!.grant }, "olga", true);
  await until("olga is in", () => olga.room.connection().state === "joined");
  return olga;
}
const make = async (by: Member, more: Partial<InviteArgs> = {}): Promise<InviteResult> =>
  must(await request(by, "invite", { via: "cli", ...more }));
const bring = ({ invite }: InviteResult, name: string, at = name): Promise<Member> =>
  open(name, { token: tokenOfInvite(decodeInvite(invite)!) }, at);
const isIn = (member: Member): boolean => member.room.connection().state === "joined";
const reason = (member: Member): string => member.room.connection().reason ?? "";
const isRefused = (member: Member): boolean => member.room.connection().state === "refused";
const list = async (by: Member, read = false) => must(await request(by, "invites", { via: "cli", read }));

describe("an invite that names nobody", () => {
  test("lets one in, bound to its name and key, and nobody after it; the issuer is told [LOBBY-4] [LOBBY-6] [LOBBY-7]", async () => {
    const olga = await openOlga();
    const invite = await make(olga);
    const bob = await bring(invite, "bob");
    await until("bob is in", () => isIn(bob) && olga.room.members.isHere("bob"));
    expect(bob.room.grant()).toBe("member");
    const mallory = await bring(invite, "mallory");
    await until("mallory is refused", () => isRefused(mallory));
    expect(reason(mallory)).toContain("used already");
    expect(olga.room.sentences()).toEqual([expect.stringContaining("@mallory")]);
    const { invites } = await list(olga, true);
    expect(invites).toMatchObject([{ id: invite.id, used: ["bob"], ended: "used", beyond: [{ name: "mallory" }] }]);
    expect(olga.room.sentences()).toEqual([]);
    expect(olga.room.members.online()).toEqual(["bob", "olga"]);
  });

  test("is used, and what its maker gave is known, on the disk before anybody has it: a power cut gives nothing twice [LOBBY-6]", async () => {
    const olga = await openOlga();
    const invite = await make(olga);
    const bob = await bring(invite, "bob");
    await until("bob is in", () => isIn(bob) && olga.room.members.isHere("bob"));
    const onDisk = (): string =>
      readFileSync(join(place("olga").dir, "project", ".agora", "checkpoint.json"), { encoding: "utf8" });
    const { key } = olga.room.members.get("bob")!;
    expect(JSON.parse(onDisk())).toMatchObject({
      state: { lobby: { invites: { [invite.id]: { used: [{ name: "bob", key }] } } } },
    });
    const given = must(await request(olga, "grant", { via: "cli", member: "bob" }));
    expect(JSON.parse(onDisk())).toMatchObject({ state: { granted: { [given.id]: { name: "bob", key } } } });
  });

  test("claimed by two at once lets in one, with a card at the issuer [LOBBY-6]", async () => {
    const olga = await openOlga();
    const invite = await make(olga);
    const two = await Promise.all([bring(invite, "bob"), bring(invite, "carol")]);
    await until("both know", () => two.every((one) => isIn(one) || isRefused(one)));
    expect(two.filter(isIn)).toHaveLength(1);
    const [winner, loser] = isIn(two[0]) ? two : two.toReversed();
    await until("the winner is seen", () => olga.room.members.isHere(winner!.room.me));
    expect(olga.room.members.online()).toEqual([winner!.room.me, "olga"].toSorted());
    expect(winner!.room.members.online()).toEqual([winner!.room.me, "olga"].toSorted());
    expect(olga.room.sentences()).toEqual([expect.stringContaining(`@${loser!.room.me}`)]);
    const card = expect.stringContaining(`@${loser!.room.me}`) as unknown;
    const inbox = async (via: "cli" | "tool") => must(await request(olga, "inbox", { via, peek: true })).items;
    expect(await inbox("cli")).toMatchObject([{ from: "olga", text: card, waits: true }]);
    expect(await inbox("tool")).toEqual([]);
    const { id } = (await inbox("cli"))[0]!;
    expect(await request(olga, "accept", { via: "cli", thread: id })).toMatchObject({ ok: false, code: "not-allowed" });
    await list(olga, true);
    expect(await inbox("cli")).toEqual([]);
  });

  test("waits while its issuer is away, says so, and is answered when she is back; also after it was cut in the middle", async () => {
    const olga = await openOlga();
    const invite = await make(olga);
    await olga[Symbol.asyncDispose]();
    const bob = await bring(invite, "bob");
    await until("bob waits", () => reason(bob).includes("@olga lets people in and is away"));
    bob.crash();
    const again = await bring(invite, "bob");
    await until("bob waits again", () => reason(again).includes("is away"));
    const back = await openOlga();
    await until("bob is in", () => isIn(again) && back.room.members.isHere("bob"));
  });

  test("gives the same key the same grant again, and no other name; it outlives the issuer's daemon [LOBBY-6]", async () => {
    const olga = await openOlga();
    const invite = await make(olga, { uses: 2 });
    const bob = await bring(invite, "bob");
    await until("bob is in", () => isIn(bob));
    await bob[Symbol.asyncDispose]();
    olga.crash();
    const back = await openOlga();
    const again = await bring(invite, "bob");
    await until("bob is in again", () => isIn(again) && back.room.members.isHere("bob"));
    await again[Symbol.asyncDispose]();
    rmSync(join(place("bob").dir, "project", ".agora"), { recursive: true }); // what it was given is lost
    const forgetful = await bring(invite, "bob");
    await until("bob is in once more", () => isIn(forgetful) && back.room.members.isHere("bob"));
    await forgetful[Symbol.asyncDispose]();
    expect((await list(back)).invites).toMatchObject([{ uses: 2, used: ["bob"] }]);
    const other = await bring(invite, "bob", "another");
    await until("another bob is refused", () => isRefused(other));
    expect(reason(other)).toContain("has that name");
    const carol = await bring(invite, "carol");
    await until("carol has the second use", () => isIn(carol));
    await back[Symbol.asyncDispose]();
    const alone = await bring(invite, "bob"); // pasted again while nobody is up
    await until("bob needs nobody", () => isIn(alone));
  });

  test("that was revoked or changed lets nobody in", async () => {
    const olga = await openOlga();
    const [revoked, changed] = [await make(olga), await make(olga)];
    must(await request(olga, "revokeInvite", { via: "cli", id: revoked.id }));
    const bob = await bring(revoked, "bob");
    await until("the relay refuses it", () => isRefused(bob));
    const { secret, ...rest } = decodeInvite(changed.invite)!;
    const wrong = generateKeyPair().seed;
    expect(secret).not.toBe(wrong);
    const carol = await open("carol", { token: tokenOfInvite({ ...rest, secret: wrong }) });
    await until("carol asked", () => reason(carol).includes("@olga is asked"));
    const dora = await bring(changed, "dora");
    await until("dora is in", () => isIn(dora));
    expect(isIn(carol)).toBe(false); // a claim that proves nothing is not answered
  });
});

describe("taking an invite back", () => {
  test("ends those who came by it, and nobody else [GRANT-10]", async () => {
    const olga = await openOlga();
    const invite = await make(olga, { uses: 2 });
    const asked = await make(olga, { ask: true });
    const [bob, carol, dora] = [await bring(invite, "bob"), await bring(asked, "carol"), await bring(invite, "dora")];
    await until("carol asks", () => olga.room.sentences().length === 1);
    must(await request(olga, "admit", { via: "cli", name: "carol" }));
    await until("all are in", () => isIn(bob) && isIn(carol) && isIn(dora));
    const taken = must(await request(olga, "revokeInvite", { via: "cli", id: invite.id }));
    expect(taken.used.toSorted()).toEqual(["bob", "dora"]);
    for (const one of [bob, dora]) await until(`${one.room.me} is out`, () => isRefused(one));
    must(await request(olga, "revokeInvite", { via: "cli", id: asked.id }));
    await until("carol is out", () => isRefused(carol));
    expect(isIn(olga)).toBe(true);
  });

  test("never lets go what was taken back first, and says who is in still where they are too many [GRANT-10]", async () => {
    const olga = await openOlga();
    const [many, last, none] = [await make(olga, { uses: 300 }), await make(olga), await make(olga, { name: "zoe" })];
    for (let i = 0; i < MAX_REVOKED - 2; i++) {
      const admitted = { name: `m${i}`, key: `${i}`.padStart(43, "k"), jti: `grant-of-${i}`, iat: 1, at: 1 };
      must(olga.store.in({ op: "admitted", invite: many.id, admitted }));
    }
    const bob = await bring(last, "bob");
    await until("bob is in", () => isIn(bob));
    const revoke = (id: string) => request(olga, "revokeInvite", { via: "cli", id });
    expect(must(await revoke(many.id)).used).toHaveLength(MAX_REVOKED - 2);
    expect(must(await revoke(last.id))).toEqual({ id: last.id, used: [], left: ["bob"] });
    expect(isIn(bob)).toBe(true);
    expect(await revoke(none.id)).toMatchObject({
      ok: false,
      message: expect.stringContaining("at most 200") as string,
    });
    const late = await bring(many, "late");
    await until("what was taken back first lets nobody in", () => isRefused(late));
  });
});

describe("who may invite", () => {
  test("an operator that the owner made does, and what it gave ends with its own grant [GRANT-9] [GRANT-10]", async () => {
    const olga = await openOlga();
    const pia = await bring(await make(olga), "pia");
    await until("pia is in", () => isIn(pia) && olga.room.members.isHere("pia"));
    expect(await request(pia, "invite", { via: "cli" })).toMatchObject({ ok: false, code: "not-allowed" });
    expect(await request(olga, "invite", { via: "tool" })).toMatchObject({ ok: false, code: "not-allowed" });
    const given = must(await request(olga, "grant", { via: "cli", member: "pia" }));
    await until("pia is an operator", () => pia.room.controls.mayControl());
    const named = await make(pia, { name: "bob" });
    const parentOf = openGrant(decodeInvite(named.invite)!.token, root, createVerifier(), Date.now());
    expect(parentOf.ok && parentOf.value.lineage.map(({ jti }) => jti)).toEqual([given.id, named.id]);
    const bob = await bring(named, "bob");
    const carol = await bring(await make(pia), "carol");
    await until("both are in", () => isIn(bob) && isIn(carol) && olga.room.members.isHere("carol"));
    must(await request(pia, "setCard", { via: "cli", title: "Pia's room" }));
    await until("olga has the card", async () => must(await request(olga, "card", {})).by === "pia");
    const removed = must(await request(olga, "remove", { via: "cli", member: "pia" }));
    expect(removed.revoked).toContain(given.id);
    for (const one of [pia, bob, carol])
      await until(`${one.room.me} is out`, () => !isIn(one) && !olga.room.members.isHere(one.room.me));
    const lines = [...olga.store.history.from(0)].map(({ value }) => ({ where: "", text: JSON.stringify(value) }));
    expect(lines.filter(({ text }) => text.includes('"kind":"card"'))).toHaveLength(1);
    expect(verifyRecord(lines, { verifier: createVerifier(), root })).toMatchObject({ faults: [], notes: [] });
  });

  test("another member decides when it is lent that, as a resident does for open registration", async () => {
    const olga = await openOlga();
    const keeper = await bring(await make(olga, { name: "keeper" }), "keeper");
    await until("keeper is in", () => isIn(keeper) && olga.room.members.isHere("keeper"));
    const invite = await make(olga, { by: "keeper", uses: 3 });
    await until("keeper may let in", () => keeper.store.state.lent !== undefined);
    await olga[Symbol.asyncDispose]();
    const bob = await bring(invite, "bob");
    await until("bob is in", () => isIn(bob) && keeper.room.members.isHere("bob"));
    expect((await list(keeper)).invites).toMatchObject([{ id: invite.id, used: ["bob"] }]);
    const back = await openOlga();
    expect(must(await request(back, "revokeInvite", { via: "cli", id: invite.id }))).toMatchObject({ by: "keeper" });
    expect(isIn(bob)).toBe(true);
  });

  test("a person's yes lets in who asks, and a no does not [LOBBY-6] [LOBBY-7]", async () => {
    const olga = await openOlga();
    const invite = await make(olga, { ask: true, uses: 5 });
    const [bob, mallory] = [await bring(invite, "bob"), await bring(invite, "mallory")];
    await until("both ask", () => olga.room.sentences().length === 2);
    await until("bob knows", () => reason(bob).includes("a person's yes"));
    expect((await list(olga)).waiting.map(({ name }) => name).toSorted()).toEqual(["bob", "mallory"]);
    expect(must(await request(olga, "inbox", { via: "cli", peek: true })).items).toHaveLength(2);
    must(await request(olga, "admit", { via: "cli", name: "@bob" }));
    must(await request(olga, "admit", { via: "cli", name: "mallory", refuse: true }));
    await until("bob is in, mallory is not", () => isIn(bob) && isRefused(mallory));
    expect(must(await request(olga, "inbox", { via: "cli", peek: true })).items).toEqual([]);
    expect(await request(olga, "admit", { via: "cli", name: "nobody" })).toMatchObject({ code: "unknown-recipient" });
    expect(olga.room.sentences()).toEqual([]);
  });

  test("nobody under the name of another who asks, or who came since it asked [LOBBY-6]", async () => {
    const olga = await openOlga();
    const invite = await make(olga, { ask: true, uses: 5 });
    await bring(invite, "bob");
    await until("bob asks", async () => (await list(olga)).waiting.length === 1);
    const other = await bring(invite, "bob", "another machine");
    await until("the other bob is refused", () => isRefused(other));
    expect(reason(other)).toContain("Somebody else has that name");

    const carol = await bring(invite, "carol");
    await until("carol asks", async () => (await list(olga)).waiting.length === 2);
    const hers = await bring(await make(olga, { name: "carol" }), "carol", "her machine");
    await until("carol is in", () => isIn(hers) && olga.room.members.isHere("carol"));
    const admit = (refuse: boolean) => request(olga, "admit", { via: "cli", name: "carol", refuse });
    expect(await admit(false)).toMatchObject({ ok: false, code: "not-allowed" });
    expect(await admit(true)).toMatchObject({ ok: true });
    await until("who asked as carol is refused", () => isRefused(carol));
  });

  test("no more than an invite has uses, though several wait for the person [LOBBY-6]", async () => {
    const olga = await openOlga();
    const invite = await make(olga, { ask: true });
    await bring(invite, "bob");
    await bring(invite, "carol");
    await until("both ask", async () => (await list(olga)).waiting.length === 2);
    const admit = (name: string) => request(olga, "admit", { via: "cli", name });
    const [bob, carol] = await Promise.all([admit("bob"), admit("carol")]);
    expect(bob).toMatchObject({ ok: true });
    expect(carol).toMatchObject({ ok: false, code: "not-allowed" });
  });
});
