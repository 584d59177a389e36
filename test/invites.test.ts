// Invites as people type and paste them: real processes. What the lobby does in each case, test/room/lobby.test.ts shows.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { AnswerData } from "@agora/commands";
import { decodeInvite } from "@agora/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { pastedLine } from "../packages/cli/src/invite-text.ts";
import { type Person, type Ran, type TestRelay, Town, until } from "./test-users.ts";
import { ROOT } from "./workspace-files.ts";

interface Made {
  readonly invite: string;
  readonly link: string;
  readonly line: string;
  readonly id: string;
}

let town: Town;
let relay: TestRelay;
let olga: Person;

beforeAll(async () => {
  town = new Town();
  const owner = town.person("olga", undefined);
  const { relay: line } = await owner.ask<{ relay: string }>(["room", "create", "lobby"]);
  relay = await town.relay([], { AGORA_ROOM_KEYS: line.replace("AGORA_ROOM_KEYS=", ""), AGORA_TOKEN: "a-token" });
  olga = town.person("olga", relay);
  await olga.start();
});
afterAll(() => town[Symbol.asyncDispose]());

const connection = async (person: Person) => (await person.ask<AnswerData["status"]>(["status"])).connection;

/** Runs a line in a shell, in a person's project and with nothing but their home. */
function shell(person: Person, line: string, home: string): Promise<Ran> {
  return new Promise((resolve, reject) => {
    // A checkout that stands at no branch, as CI makes one, is nothing that git has to explain.
    const quiet = { GIT_CONFIG_COUNT: "1", GIT_CONFIG_KEY_0: "advice.detachedHead", GIT_CONFIG_VALUE_0: "false" };
    const env = { PATH: process.env["PATH"] ?? "", HOME: home, AGORA_HOME: person.home, ...quiet };
    const child = spawn("/bin/sh", ["-c", line], { cwd: person.project, env, stdio: ["ignore", "pipe", "pipe"] });
    let [out, err] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, out, err }));
  });
}

test("an invite without a name: one comes in, the next does not; it is listed, and taken back", async () => {
  const made = await olga.ask<Made>(["invite"]);
  expect(made.link).toBe(`${relay.url.replace(/^ws/, "http").replace(/\/ws$/, "")}/console/#invite=${made.invite}`);
  expect(made.line).toContain(`echo ${made.invite} | `);
  expect(decodeInvite(made.invite)).toMatchObject({ room: "lobby", relayKey: relay.key });
  const [bob, eve] = [town.person("bob", undefined), town.person("eve", undefined)];
  expect((await bob.type(["start", "-n", "bob", made.invite])).out).toMatch(/^joined as bob /);
  const refused = await eve.type(["start", "-n", "eve", made.invite]);
  expect(refused).toMatchObject({ code: 1, err: expect.stringContaining("used already") as unknown });
  expect(await eve.type(["who"])).toMatchObject({ code: 1, err: expect.stringContaining("not in a room") as unknown });
  const listed = await olga.type(["invites"]);
  expect(listed.out).toMatch(/for whoever has it: 1 of 1 used · @bob · @olga lets in · used up/);
  expect(listed.out).toContain("somebody else has it: @eve");
  const second = await olga.ask<Made>(["invite", "--uses", "2", "--expires", "1h"]);
  expect((await olga.type(["invite", "revoke", second.id])).out).toContain("lets nobody in any more");
  expect((await eve.type(["start", "-n", "eve", second.invite])).err).toMatch(/taken back|revoked|grant/);
  expect((await olga.ask<AnswerData["invites"]>(["invites"])).invites[0]).toMatchObject({ ended: "revoked" });
});

test("who comes while the issuer is away is told who has to be up, and is let in when she is", async () => {
  const { invite } = await olga.ask<Made>(["invite"]);
  await olga.type(["stop"]);
  const dan = town.person("dan", undefined);
  const told = await dan.type(["start", "-n", "dan", invite]);
  expect(told.err).toMatch(/in the lobby: @olga lets people in and is away/);
  await olga.start();
  await until("dan is in", async () => (await connection(dan)).state === "joined");
  // The grant he was given is kept: he needs nobody any more.
  await dan.type(["stop"]);
  await olga.type(["stop"]);
  expect((await dan.type(["start"])).out).toMatch(/^joined as dan /);
  await olga.start();
});

test("a member that is removed is out, and can't come back by what it holds", async () => {
  const gus = town.person("gus", undefined);
  const { invite } = await olga.ask<Made>(["invite", "gus"]);
  await gus.type(["start", "-n", "gus", invite]);
  await until("gus is seen", async () =>
    (await olga.ask<AnswerData["who"]>(["who", "gus"])).members.some(({ online }) => online),
  );
  const removed = await olga.type(["remove", "gus", "--reason", "left the team"]);
  expect(removed.out).toMatch(/^removed @gus: banned, and its grant taken back\n/);
  expect(removed.out).toContain("keeps what it has read");
  await until("gus is out", async () => (await connection(gus)).state === "refused");
  await olga.type(["unban", "gus"]);
  expect((await gus.type(["start"])).code).toBe(1); // the grant is gone all the same
  await until("gus is away", async () => {
    const { members } = await olga.ask<AnswerData["who"]>(["who", "gus"]);
    return members[0]?.awaySince !== undefined;
  });
  expect((await olga.type(["who", "gus"])).out).toContain("away since");
});

const isClone = existsSync(join(ROOT, ".git"));

test.skipIf(!isClone)("the line that is pasted fetches the program and joins", async () => {
  const { invite } = await olga.ask<Made>(["invite", "ida"]);
  const ida = town.person("ida", undefined);
  const line = pastedLine(invite, `file://${ROOT}`);
  const ran = await shell(ida, line, join(town.folder, "ida.user"));
  expect(ran.err).toBe("");
  expect(ran.out).toMatch(/^joined as ida /);
  const again = await shell(ida, line, join(town.folder, "ida.user")); // it is there already
  expect(again.out).toMatch(/^joined as ida /);
});
