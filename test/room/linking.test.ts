// Linking a browser by a link, on real rooms and a real relay: who is let in, what the person has to say to it, and what becomes of
// whoever only has the link.
import { inviteKeys } from "@agora/daemon";
import type { LinkDeviceResult, DeviceLinksResult } from "@agora/ipc";
import { createNewcomer, createBoxKey, type Linking, type Newcomer } from "@agora/member";
import {
  createDial,
  createSigner,
  createVerifier,
  type Dial,
  generateKeyPair,
  silentLog,
  systemClock,
} from "@agora/ports";
import { decodeDeviceLink, encodeDeviceLink, type Given, parseRelayAddress } from "@agora/protocol";
import type { Relay } from "@agora/relay";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { PATIENCE_MS } from "../wait-until.ts";
import { makePlace, type Member, must, openRelay, type Place, request, until } from "./fixture.ts";
import { link } from "./link-device.ts";
import { ScriptedRelay } from "./scripted-relay.ts";

let relay: Relay;
let place: Place;
let alice: Member;
const browsers: Newcomer[] = [];

beforeEach(async () => {
  relay = await openRelay();
  place = makePlace("alice");
  alice = await openAlice();
});
afterEach(async () => {
  for (const one of browsers.splice(0)) one.stop();
  await alice[Symbol.asyncDispose]();
  await relay.close();
  place.remove();
});

async function openAlice(): Promise<Member> {
  const member = await place.open(relay.port, {}, { person: true });
  await until("alice is in", () => member.room.connection().state === "joined");
  return member;
}

const dial: Dial = createDial({ maxFrameBytes: 32 * 1024 * 1024, handshakeTimeoutMs: PATIENCE_MS });

interface Browser {
  readonly newcomer: Newcomer;
  readonly keys: Awaited<ReturnType<typeof newKeys>>;
  now(): Linking | undefined;
  given(): Given;
}
async function newKeys() {
  const [member, device] = [generateKeyPair(), generateKeyPair()];
  return { member: createSigner(member), device: createSigner(device), box: await createBoxKey() };
}
const wordOf = ({ link }: Pick<LinkDeviceResult, "link">): string => link.slice(link.indexOf("#link=") + 6);
async function open(word: string, keys?: Browser["keys"], clock = systemClock): Promise<Browser> {
  const mine = keys ?? (await newKeys());
  let now: Linking | undefined;
  const newcomer = createNewcomer({
    ...{ dial, inviteKeys, clock, log: silentLog, version: "test", called: "Chrome on Android" },
    link: decodeDeviceLink(word)!,
    relay: must(parseRelayAddress(`ws://127.0.0.1:${relay.port}`)),
    keys: mine,
    verifier: createVerifier(),
    changed: (next) => (now = next),
  });
  browsers.push(newcomer);
  newcomer.start();
  const given = (): Given => {
    if (now?.at !== "linked") throw new Error(`not linked: ${JSON.stringify(now)}`);
    return now.given;
  };
  return { newcomer, keys: mine, now: () => now, given };
}
const make = async (): Promise<LinkDeviceResult> => must(await request(alice, "linkDevice", { via: "cli" }));
const links = async (): Promise<DeviceLinksResult["links"]> => must(await request(alice, "deviceLinks", {})).links;
const prints = async (): Promise<readonly string[]> =>
  (await links()).flatMap(({ asking }) => asking.map(({ print }) => print));
const say = (print: string, yes: boolean) => request(alice, "decideLink", { via: "cli", print, yes });
const devices = async () => must(await request(alice, "devices", {})).devices.map(({ name }) => name);
const isOver = (browser: Browser, words: string): boolean => {
  const now = browser.now();
  return now?.at === "over" && now.why.includes(words);
};

describe("a link for a browser", () => {
  test("lets it in when the person says that both show the same, and gives it what makes it a device [LINKING-1] [LINKING-2] [LINKING-3] [LINKING-4]", async () => {
    const made = await make();
    expect(made.link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/console\/#link=[\w-]{200,300}$/);
    const phone = await open(wordOf(made));
    const asked = must(await request(alice, "awaitLink", { id: made.id, timeoutMs: PATIENCE_MS }));
    expect(asked.asking).toMatchObject([{ print: phone.newcomer.print, name: "Chrome on Android" }]);
    expect(alice.room.sentences().join()).toContain("Chrome on Android asks to be linked");
    expect(await devices()).toHaveLength(1);
    must(await say(phone.newcomer.print, true));
    await until("it is linked", () => phone.now()?.at === "linked");
    expect(phone.given()).toMatchObject({ token: "a-token-for-tests", relayKey: relay.key });
    expect(await devices()).toContain("Chrome on Android");
    expect(await links()).toMatchObject([{ ended: "used", by: { print: phone.newcomer.print }, asking: [] }]);
    expect(alice.room.sentences()).toEqual([]);
  });

  test("that a thief has gives nothing without the yes, and a no ends it for that one alone [LINKING-3]", async () => {
    const word = wordOf(await make());
    const thief = await open(word);
    await until("the thief asks", async () => (await prints()).length === 1);
    const phone = await open(word);
    await until("the phone asks too", async () => (await prints()).length === 2);
    expect(thief.newcomer.print).not.toBe(phone.newcomer.print);
    expect((await prints())[0]).toBe(thief.newcomer.print);
    must(await say(thief.newcomer.print, false));
    await until("the thief knows", () => isOver(thief, "said no"));
    const again = await open(word, thief.keys);
    await until("also when it comes again", () => isOver(again, "said no"));
    expect(await prints()).toEqual([phone.newcomer.print]);
    must(await say(phone.newcomer.print, true));
    await until("the phone is in", () => phone.now()?.at === "linked");
    expect(await devices()).toHaveLength(2);
  });

  test("that many others have takes no place of the next one [LINKING-3]", async () => {
    const seen = wordOf(await make());
    for (let asking = 1; asking <= 8; asking += 1) {
      const stranger = await open(seen);
      await until("it asks", async () => (await prints()).length === asking);
      stranger.newcomer.stop(); // its place at the relay is free again
    }
    const phone = await open(wordOf(await make()));
    await until("the phone asks", async () => (await prints()).includes(phone.newcomer.print));
    must(await say(phone.newcomer.print, true));
    await until("it is in", () => phone.now()?.at === "linked");
  });

  test("has one use: whoever waited beside, or comes later, is refused, and the person hears of it [LINKING-3]", async () => {
    const word = wordOf(await make());
    const [phone, other] = [await open(word), await open(word)];
    await until("both ask", async () => (await prints()).length === 2);
    must(await say(phone.newcomer.print, true));
    await until("the other is refused", () => isOver(other, "Another device came by this link"));
    expect(await say(other.newcomer.print, true)).toMatchObject({ ok: false, code: "unknown-recipient" });
    const late = await open(word);
    await until("so is who comes later", () => isOver(late, "Another device came by this link"));
    expect(alice.room.sentences().join()).toContain("somebody else has seen that link");
    expect(await devices()).toHaveLength(2);
  });

  test("is answered the same to the same device again, also after a restart [LINKING-3]", async () => {
    const word = wordOf(await make());
    const phone = await open(word);
    await until("it asks", async () => (await prints()).length === 1);
    phone.newcomer.stop(); // the page is reloaded
    const reloaded = await open(word, phone.keys);
    await until("it is asked", () => reloaded.now()?.at === "asked");
    expect(await prints()).toEqual([phone.newcomer.print]);
    reloaded.newcomer.stop(); // gone at the moment of the yes
    must(await say(phone.newcomer.print, true));
    alice.crash();
    alice = await openAlice();
    const back = await open(word, phone.keys);
    await until("it is in", () => back.now()?.at === "linked");
    expect(await devices()).toHaveLength(2);
  });

  test("waits while its maker or the relay is away, and goes on when they are back", async () => {
    const word = wordOf(await make());
    const phone = await open(word);
    await until("it asks", async () => (await prints()).length === 1);
    alice.crash();
    await until("it is told", () => phone.now()?.at === "away");
    alice = await openAlice();
    await until("it asks again", async () => (await prints())[0] === phone.newcomer.print);
    const { port } = relay;
    await relay.close();
    await until("the relay is away", () => phone.now()?.at === "reaching");
    relay = await openRelay(port);
    await until("it is asked again", () => phone.now()?.at === "asked");
    must(await say(phone.newcomer.print, true));
    await until("it is in", () => phone.now()?.at === "linked");
  });

  test("ends after ten minutes by the relay's clock, whatever a phone's says", async () => {
    await alice[Symbol.asyncDispose]();
    const { port } = relay;
    await relay.close();
    let later = 0;
    const clock = { ...systemClock, now: () => Date.now() + later };
    relay = await openRelay(port, 2_000, undefined, {}, { clock });
    alice = await openAlice();
    const made = await make();
    const slow = { ...systemClock, now: () => Date.now() - 86_400_000 };
    const phone = await open(wordOf(made), undefined, slow);
    await until("it asks, a day behind", async () => (await prints()).length === 1);
    later = 10 * 60_000;
    const late = await open(wordOf(made));
    await until("it is too late", () => isOver(late, "ten minutes, which are over"));
    await alice[Symbol.asyncDispose]();
    alice = await openAlice(); // it has heard the relay's time since
    expect(await links()).toMatchObject([{ id: made.id, ended: "expired", asking: [] }]);
    expect(await say(phone.newcomer.print, true)).toMatchObject({ ok: false, code: "unknown-recipient" });
    await until("nor is the first one let in", () => isOver(phone, "ten minutes, which are over"));
  });

  test("is not made where it would lead nowhere: a relay of before, one that is not reached, or a device without the root", async () => {
    const other = makePlace("alice");
    const old = new ScriptedRelay();
    old.features = ["lobby"];
    const why = async (member: Member): Promise<string> => {
      const made = await request(member, "linkDevice", { via: "cli" });
      return made.ok ? "" : made.message;
    };
    try {
      await using member = await other.open(1, {}, { person: true, dial: old.dial });
      await until("it is in", () => member.room.connection().state === "joined");
      expect(await why(member)).toContain("This relay is too old to link a browser");
      member.room.stop();
      expect(await why(member)).toContain("The relay is not reached");
    } finally {
      other.remove();
    }
    const phone = makePlace("alice");
    try {
      await link(place, phone, relay.port, "phone");
      await using linked = await phone.open(relay.port, {}, { person: true });
      expect(await why(linked)).toContain("Your root key does not lie on this device");
    } finally {
      phone.remove();
    }
  });

  test("gives a new device no more than it can show, however often the first one was renamed [LINKING-4]", async () => {
    const [first] = must(await request(alice, "devices", {})).devices;
    for (let n = 0; n < 40; n += 1)
      must(await request(alice, "device", { via: "cli", act: "rename", id: first!.id, to: `desk ${n}` }));
    const phone = await open(wordOf(await make()));
    await until("it asks", async () => (await prints()).length === 1);
    must(await say(phone.newcomer.print, true));
    await until("it is linked", () => phone.now()?.at === "linked");
    expect(phone.given().statements.length).toBeLessThan(16);
  });

  test("two at once let two in", async () => {
    const [one, two] = [await open(wordOf(await make())), await open(wordOf(await make()))];
    await until("both ask", async () => (await prints()).length === 2);
    for (const print of await prints()) must(await say(print, true));
    await until("both are in", () => one.now()?.at === "linked" && two.now()?.at === "linked");
    expect(await devices()).toHaveLength(3);
  });

  test("that was changed leads nowhere, and only the person decides", async () => {
    const word = wordOf(await make());
    const link = decodeDeviceLink(word)!;
    const changed = await open(encodeDeviceLink({ ...link, by: { ...link.by, name: "eve" } }));
    await until("it sees that itself", () => isOver(changed, "was changed"));
    const elsewhere = await open(encodeDeviceLink({ ...link, root: generateKeyPair().key }));
    await until("it proves its key for somebody else", () => isOver(elsewhere, "does not know it any more"));
    expect(await devices()).toHaveLength(1);
    expect(await request(alice, "linkDevice", { via: "tool" })).toMatchObject({ ok: false, code: "not-allowed" });
    expect(await request(alice, "decideLink", { via: "shell", print: "x", yes: true })).toMatchObject({ ok: false });
  });
});
