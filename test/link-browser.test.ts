// A browser's side played by a program, the first device's by what a person types: the link, the words, a no, a yes, and the end.
import { inviteKeys } from "@agora/daemon";
import { createBoxKey, createNewcomer, type Linking } from "@agora/member";
import { createDial, createSigner, createVerifier, generateKeyPair, silentLog, systemClock } from "@agora/ports";
import { decodeDeviceLink, parseRelayAddress } from "@agora/protocol";
import { expect, test } from "vitest";
import { wordsOfHash } from "../packages/commands/src/trust/verification-words.ts";
import { type Person, Town, until } from "./test-users.ts";
import { PATIENCE_MS } from "./wait-until.ts";

interface Shown {
  readonly link: string;
  readonly code: string;
  readonly words: readonly string[];
  readonly expires: number;
}
interface Devices {
  readonly devices: readonly { readonly id: string; readonly name: string; readonly revoked?: true }[];
  readonly asking?: readonly { readonly print: string; readonly words: readonly string[]; readonly name: string }[];
}

/** Opens a link as a browser does; its words, and where it stands. */
async function open(link: string): Promise<{ readonly words: readonly string[]; now(): Linking; stop(): void }> {
  const relay = parseRelayAddress(link.slice(0, link.indexOf("/console/")).replace(/^http/, "ws"));
  if (!relay.ok) throw new Error(relay.message);
  let now: Linking = { at: "reaching" };
  const newcomer = createNewcomer({
    link: decodeDeviceLink(link.slice(link.indexOf("#link=") + "#link=".length))!,
    relay: relay.value,
    keys: {
      member: createSigner(generateKeyPair()),
      device: createSigner(generateKeyPair()),
      box: await createBoxKey(),
    },
    called: "Chrome on Android",
    ...{ inviteKeys, verifier: createVerifier(), clock: systemClock, log: silentLog, version: "test" },
    dial: createDial({ maxFrameBytes: 32 * 1024 * 1024, handshakeTimeoutMs: PATIENCE_MS }),
    changed: (next) => (now = next),
  });
  newcomer.start();
  return { words: await wordsOfHash(newcomer.print), now: () => now, stop: () => newcomer.stop() };
}

const asking = (alice: Person) =>
  until("somebody asks", async () => (await alice.ask<Devices>(["devices"])).asking?.[0] ?? false);

test("a link is made, refused and said yes to by typing; both sides show the same words [LINKING-3]", async () => {
  await using town = new Town();
  const { alice } = await town.pair();
  const shown = await alice.ask<Shown>(["link"]);
  expect(shown.link).toContain("/console/#link=");
  expect(shown.code).toMatch(/^agora-device\./);
  expect(shown.words).toHaveLength(6);
  expect(shown.expires).toBeGreaterThan(Date.now());

  const stranger = await open(shown.link);
  const first = await asking(alice);
  expect(first).toMatchObject({ name: "Chrome on Android", words: stranger.words });
  const unsaid = await alice.type(["link", first.print]);
  expect(unsaid).toMatchObject({ code: 2 });
  expect(unsaid.err).toContain(stranger.words.join(" "));
  expect((await alice.type(["devices"])).out).toContain(`agora link ${first.print.slice(0, 8)} --yes`);
  expect((await alice.type(["link", first.print.slice(0, 8), "--yes"], { CLAUDECODE: "1" })).code).toBe(1);
  expect((await alice.type(["link", first.print.slice(0, 8), "--no"])).out).toContain("was not linked");
  await until("the stranger is refused", () => stranger.now().at === "over");

  const phone = await open(shown.link);
  const second = await asking(alice);
  expect(second.words).toEqual(phone.words);
  expect(await alice.ask(["link", second.print, "--yes"])).toMatchObject({ linked: true, words: phone.words });
  await until("the phone is linked", () => phone.now().at === "linked");
  const { devices } = await alice.ask<Devices>(["devices"]);
  const { id } = devices.find(({ name }) => name === "Chrome on Android")!;
  await alice.ask(["devices", "rename", id, "phone"]);
  await alice.ask(["devices", "revoke", id]);
  expect((await alice.ask<Devices>(["devices"])).devices).toContainEqual(
    expect.objectContaining({ name: "phone", revoked: true }),
  );
  const plain = await alice.type(["link", "--name", "tablet"]);
  expect(plain.out).toContain("A phone or another browser: open this there");
  expect(plain.out).toContain("serves no page at that address");
  expect(plain.out).toContain("on this machine alone");
  for (const wrong of [
    ["link", "agora-device.x"],
    ["link", "a b"],
    ["link", "abcd", "--yes", "--no"],
  ])
    expect(await alice.type(wrong)).toMatchObject({ code: 2 });
  expect(await alice.type(["link", "zzzz", "--yes"])).toMatchObject({ code: 1 });
});
