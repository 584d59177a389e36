// What a start takes in: one project and no more, told by name; and an invite that nobody sees in a list of processes.
import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Person, type Ran, type TestRelay, Town } from "./test-users.ts";

let town: Town;
let relay: TestRelay;
beforeAll(async () => {
  town = new Town();
  relay = await town.relay();
});
afterAll(() => town[Symbol.asyncDispose]());

/** Types a command with something on its standard input. */
function pipe(person: Person, words: readonly string[], input: string): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const env = { PATH: process.env["PATH"] ?? "", HOME: person.home, AGORA_HOME: person.home };
    const child = spawn(process.execPath, [person.entry, ...words], { cwd: person.project, env, stdio: "pipe" });
    let out = "";
    let err = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, out, err }));
    child.stdin.on("error", () => undefined).end(input);
  });
}

const inviteOf = async (person: Person): Promise<string> => (await person.ask<{ invite: string }>(["invite"])).invite;

test("the user's own folder is not a project, unless it is forced; then it holds nothing below", async () => {
  const ann = town.person("ann", relay, { home: join(town.folder, "ann") });
  const refused = await ann.start();
  expect(refused).toMatchObject({ code: 1, err: expect.stringMatching(/is not a project: .* --force/) as unknown });
  expect((await ann.start(["--force"])).out).toContain(`The project is ${ann.project}`);
  const below = join(ann.project, "shop");
  mkdirSync(join(below, ".git"), { recursive: true });
  const started = await ann.type(["start", "-n", "ann-shop", "--relay", relay.url, "--project", below, "--json"]);
  expect(JSON.parse(started.out)).toMatchObject({ name: "ann-shop", project: below });
  await ann.type(["stop", "--project", below]);
});

test("an invite is read from the standard input, and one in the command line is told of", async () => {
  const bob = town.person("bob", relay);
  await bob.start();
  const word = await inviteOf(bob);
  const cat = town.person("cat", undefined);
  const piped = await pipe(cat, ["start", "-n", "cat", "-"], `${word}\n`);
  expect(piped).toMatchObject({ code: 0, err: "", out: expect.stringMatching(/^joined as cat /) as unknown });
  const dan = town.person("dan", undefined);
  const typed = await dan.type(["start", "-n", "dan", word]);
  expect(typed).toMatchObject({
    code: 0,
    err: expect.stringMatching(/^The invite stood in .* start -".*\n$/) as unknown,
  });
  for (const [input, told] of [
    ["", /No invite came/],
    ["agora1.torn", /not a whole invite/],
  ] as const) {
    const ran = await pipe(town.person(`eve${input.length}`, undefined), ["start", "-"], input);
    expect(ran).toMatchObject({ code: 2, err: expect.stringMatching(told) as unknown });
    expect(ran.err).not.toContain("torn");
  }
});

test("an invite bound to a name gives that name, and says so under another one", async () => {
  const olga = town.person("olga", undefined);
  const { relay: line } = await olga.ask<{ relay: string }>(["room", "create", "den"]);
  const own = await town.relay([], { AGORA_ROOM_KEYS: line.slice(line.indexOf("=") + 1) });
  const { invite } = await olga.ask<{ invite: string }>(["invite", "gil", "--relay", own.url, "--room", "den"]);
  const refused = await pipe(town.person("hal", undefined), ["start", "-n", "hal", "-"], invite);
  expect(refused).toMatchObject({
    code: 1,
    err: expect.stringContaining("This invite is for the name gil, not for hal") as unknown,
  });
  const joined = await pipe(town.person("some-folder", undefined), ["start", "-"], invite);
  expect(joined).toMatchObject({ code: 0, out: expect.stringMatching(/^joined as gil /) as unknown });
});
