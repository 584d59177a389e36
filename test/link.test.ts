// One person on two devices, typed: linked by a code and a link, in the room under one name, and each with what the other said.
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Person, type TestRelay, Town, until } from "./test-users.ts";

let town: Town;
let relay: TestRelay;
let laptop: Person;
let phone: Person;
let bob: Person;
beforeAll(async () => {
  town = new Town();
  relay = await town.relay();
  laptop = town.person("alice", relay);
  bob = town.person("bob", relay);
  phone = town.person("alice", undefined, { project: "phone", home: `${town.folder}/phone.home` });
  for (const person of [laptop, bob]) await person.start();
});
afterAll(() => town[Symbol.asyncDispose]());

interface Code {
  readonly code: string;
  readonly words: readonly string[];
}
interface Line {
  readonly author: string;
  readonly text: string;
  readonly mine: boolean;
}
const lines = async (person: Person): Promise<readonly Line[]> =>
  (await person.ask<{ lines: Line[] }>(["history"])).lines;

test("a new device shows a code, the old one makes a link for it, and both are the same member [INVITE-2]", async () => {
  const shown = await phone.ask<Code>(["link"]);
  expect(shown.words).toHaveLength(6);
  const asked = await laptop.type(["link", shown.code]);
  expect(asked).toMatchObject({ code: 2 });
  expect(asked.err).toContain(shown.words.join(" "));
  const made = await laptop.ask<{ link: string; name: string; words: string[] }>(["link", shown.code, "--yes"]);
  expect(made).toMatchObject({ name: "alice", words: shown.words });
  const elsewhere = await bob.type(["start", made.link]);
  expect(elsewhere).toMatchObject({ code: 1 });
  expect((await phone.type(["start", "-n", "eve", made.link])).err).toContain("This link is for the name alice");
  const joined = await phone.type(["start", made.link]);
  expect(joined.err).not.toContain("agora:");
  expect(joined.code).toBe(0);
  await until(
    "both are here",
    async () => (await laptop.ask<{ devices: unknown[] }>(["devices"])).devices.length === 2,
  );
  await until("bob sees both", async () => (await bob.type(["who"])).out.includes("· on 2 devices: "));
  await until("so do they", async () => (await phone.type(["whoami"])).out.includes("here on 2 devices: "));
  expect((await laptop.type(["devices"])).out).toContain("this one, here now");
  await bob.type(["say", "@alice", "which one?"]);
  for (const device of [laptop, phone])
    await until("each has it", async () => (await lines(device)).some(({ text }) => text === "which one?"));
  await phone.type(["say", "@bob", "this one"]);
  await until("bob has it", async () => (await lines(bob)).some(({ text }) => text === "this one"));
  await until("the laptop has it as its own", async () =>
    (await lines(laptop)).some(({ text, author, mine }) => text === "this one" && author === "alice" && mine),
  );
  expect((await phone.type(["link", shown.code, "--yes"])).err).toContain("Your root key is not on this device");
});

test("revoked on the old one, the new device is linked anew by another code and link, with new keys", async () => {
  interface Devices {
    readonly devices: readonly { readonly id: string; readonly this?: true; readonly revoked?: true }[];
  }
  const { devices } = await laptop.ask<Devices>(["devices"]);
  await laptop.ask(["devices", "revoke", devices.find((one) => one.this !== true)!.id]);
  await until("it is out", async () => (await phone.type(["status"])).out.includes("This device was revoked"));
  const { code } = await phone.ask<Code>(["link"]);
  const { link } = await laptop.ask<{ link: string }>(["link", code, "--yes"]);
  const joined = await phone.type(["start", link]);
  expect(joined.out).toContain("This device was linked before, and that had ended: it has new keys.");
  expect(joined.code).toBe(0);
  await phone.type(["say", "@bob", "back again"]);
  await until("bob hears it", async () => (await lines(bob)).some(({ text }) => text === "back again"));
});
