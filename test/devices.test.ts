// A person's devices by the commands that people type: real processes, and the words that come through a pipe.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { hasTerminal, typeAtTerminal } from "./at-terminal.ts";
import { type Person, Town, until } from "./test-users.ts";

interface Devices {
  readonly root?: string;
  readonly hasRoot: boolean;
  readonly hasWords: boolean;
  readonly devices: readonly { readonly id: string; readonly name: string; readonly this?: true }[];
}
interface Who {
  readonly members: readonly { readonly name: string; readonly root?: string; readonly verified?: true }[];
}

/** Types a command into a pipe's end; gives what it printed. */
function piped(person: Person, words: readonly string[], input: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [person.entry, ...words], {
      cwd: person.project,
      env: { PATH: process.env["PATH"] ?? "", HOME: person.home, AGORA_HOME: person.home },
      stdio: ["pipe", "pipe", "pipe"],
    });
    let out = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => (out += text));
    child.once("error", reject);
    child.once("close", (code) => (code === 0 ? resolve(out) : reject(new Error(out))));
    child.stdin.end(input);
  });
}

test("a person lists, renames and compares devices, makes recovery words once, and renews the root with them", async () => {
  await using town = new Town();
  const { alice, bob } = await town.pair();
  const rootAt = async (from: Person, name: string): Promise<string | undefined> =>
    (await from.ask<Who>(["who"])).members.find((member) => member.name === name)?.root;
  const first = await alice.ask<Devices>(["devices"]);
  expect(first).toMatchObject({ hasRoot: true, hasWords: false, devices: [{ this: true }] });
  await alice.ask(["devices", "rename", first.devices[0]!.id, "desk"]);
  expect((await alice.type(["devices"])).out).toContain("desk: this one");
  await until("each knows whose key the other has", async () =>
    Boolean((await rootAt(bob, "alice")) && (await rootAt(alice, "bob"))),
  );
  const { words } = await alice.ask<{ words: string[] }>(["trust", "bob", "--words"]);
  expect((await bob.ask<{ words: string[] }>(["trust", "alice", "--words"])).words).toEqual(words);
  await bob.ask(["trust", "alice", "--verified"]);
  expect((await bob.type(["who"])).out).toMatch(/alice: .*verified/);

  const made = await alice.ask<{ words: string[] }>(["devices", "words"]);
  expect(made.words).toHaveLength(24);
  expect(await alice.type(["devices", "words"])).toMatchObject({ code: 1 });
  expect(await alice.type(["devices", "words"], { CLAUDECODE: "1" })).toMatchObject({ code: 1 });
  await expect(piped(alice, ["devices", "recover"], "zoo ".repeat(24))).rejects.toThrow("24 recovery words");
  await until("bob has heard of the words", async () => (await rootAt(bob, "alice")) === first.root);
  await piped(alice, ["devices", "recover"], made.words.join(" "));
  const second = await alice.ask<Devices>(["devices"]);
  expect(second).toMatchObject({ hasRoot: true, hasWords: true });
  expect(second.root).not.toBe(first.root);
  await until("bob follows", async () => (await rootAt(bob, "alice")) === second.root);
  expect((await bob.type(["who"])).out).toMatch(/alice: .*verified/);
  await alice.ask(["say", "@bob still me"]);
  await until("bob hears her", async () =>
    (await bob.ask<{ text: string }[]>(["inbox"])).some(({ text }) => text.includes("still me")),
  );
});

test.runIf(hasTerminal)(
  "a device is linked at a terminal once the person says that the words are the same",
  async () => {
    await using town = new Town();
    const alice = town.person("alice", await town.relay());
    await alice.start();
    const other = town.person("alice", undefined, { project: "notebook", home: join(town.folder, "notebook.home") });
    const { code, words } = await other.ask<{ code: string; words: string[] }>(["link"]);
    const typed = (answer: string): Promise<string> =>
      typeAtTerminal(alice, alice.home, ["link", code], { question: words.join(" "), answer });
    const refused = await typed("n");
    expect(refused).toContain("Nothing was linked");
    expect(refused).not.toContain("went wrong");
    const linked = await typed("y");
    expect(linked).toContain("A link for the new device");
    expect(linked).not.toContain("went wrong");
  },
);

test("a person gives the device another key: the daemon starts anew with it, and the others go on as before [KEYCHAIN-12]", async () => {
  await using town = new Town();
  const { alice, bob } = await town.pair();
  const keyAt = async (from: Person): Promise<string | undefined> =>
    (await from.ask<{ members: { name: string; key: string }[] }>(["who"])).members.find(({ name }) => name === "alice")
      ?.key;
  const inboxOf = async (person: Person): Promise<string> =>
    (await person.ask<{ text: string }[]>(["inbox"])).map(({ text }) => text).join("\n");
  await alice.ask(["say", "@bob with the old key"]);
  await until("bob hears her", async () => (await inboxOf(bob)).includes("with the old key"));
  const before = await keyAt(bob);
  expect(await alice.type(["devices", "rotate"], { CLAUDECODE: "1" })).toMatchObject({ code: 1 });
  expect((await alice.type(["devices", "rotate"])).out).toContain("this device signs with a new key");
  await alice.ask(["say", "@bob with the new key"]);
  await until("bob hears her still", async () => (await inboxOf(bob)).includes("with the new key"));
  await until("bob goes by the new key", async () => (await keyAt(bob)) !== before);
  expect(await inboxOf(bob)).toContain("with the old key");
  expect((await bob.type(["status"])).out).not.toMatch(/another key|agora trust/);
  const own = await alice.ask<Devices>(["devices"]);
  expect(own.devices).toHaveLength(1);
});
