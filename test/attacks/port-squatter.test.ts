// The attacker: another user of the machine, who takes the relay's port when it has ended. What it gets is written down: no
// token, nothing that stands for one, and nobody follows it.
import { type ChildProcess, spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { AnswerData } from "@agora/commands";
import { decodeInvite, encodeInvite } from "@agora/protocol";
import { expect, onTestFinished, test } from "vitest";
import { RawMember } from "../../relay-server/test/raw-member.ts";
import { type Person, type TestRelay, Town, until } from "../test-users.ts";

const TOKEN = "the-members-token-0123456789abcdef";
const OPERATORS = "the-operators-token-0123456789abcdef";
const TOKENS = { AGORA_TOKEN: TOKEN, AGORA_OPERATOR_TOKEN: OPERATORS };
const SECRETS = [TOKEN, OPERATORS];

interface Squatter {
  /** All that it got, as text. */
  heard(): string;
  end(): Promise<void>;
}

async function squat(town: Town, port: string, mode: string, truth = ""): Promise<Squatter> {
  const file = join(town.folder, `heard-${mode}`);
  const words = [join(import.meta.dirname, "squatter.ts"), port, file, mode, truth];
  const child: ChildProcess = spawn(process.execPath, words, { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  await new Promise((resolve, reject) => {
    createInterface(child.stdout!)
      .once("line", resolve)
      .once("close", () => reject(new Error("it could not take the port")));
  });
  return {
    heard: () => (existsSync(file) ? readFileSync(file, "utf8") : ""),
    async end() {
      const gone = new Promise((resolve) => child.once("close", resolve));
      child.kill();
      await gone;
    },
  };
}

const frames = (heard: string, type: string) => heard.split("\n").filter((line) => line.includes(`"type":"${type}"`));
const reason = async (person: Person) => (await person.ask<AnswerData["status"]>(["status"])).connection.reason ?? "";

/** alice, who was in the room as an operator, and whose relay has ended. */
async function bereft(town: Town): Promise<{ alice: Person; relay: TestRelay }> {
  const relay = await town.relay([], TOKENS);
  const alice = town.person("alice", relay);
  const started = await alice.start([], { AGORA_TOKEN: OPERATORS });
  expect(started.out).toContain(`its key ${relay.key} is kept`);
  await relay.end();
  return { alice, relay };
}

test.each([
  ["old", /proves no key/],
  ["own", /shows the key/],
  ["claims", /did not prove the key/],
])(
  "who takes the port as a relay that is %s hears a hello at most; the true one is found again [PROOF-1] [PROOF-3]",
  async (mode, words) => {
    await using town = new Town();
    const { alice, relay } = await bereft(town);
    const squatter = await squat(town, relay.port, mode, relay.key);
    await until("it is found out", async () => words.test(await reason(alice)));
    await alice.ask(["say", "not for strangers"]);
    const refused = await alice.start([], { AGORA_TOKEN: OPERATORS });
    expect(refused.code).not.toBe(0);
    expect(refused.err).toMatch(words);
    const heard = squatter.heard();
    expect(frames(heard, mode === "claims" ? "hello" : "GET").length === 0).toBe(mode !== "claims");
    expect([...frames(heard, "join"), ...frames(heard, "post"), ...frames(heard, "control")]).toEqual([]);
    for (const secret of [...SECRETS, "not for strangers"]) expect(heard).not.toContain(secret);

    await squatter.end();
    const again = await town.relay(["--port", relay.port], TOKENS);
    expect(again.key).toBe(relay.key);
    expect((await alice.start([], { AGORA_TOKEN: OPERATORS })).err).toBe("");
    const bob = town.person("bob", again);
    await bob.start();
    await until("what waited", async () => (await bob.type(["history"])).out.includes("not for strangers") || true);
    expect((await alice.type(["pause"])).out).toBe("paused the room\n");
  },
);

test("at the very first contact it is believed, and gets proof that opens nothing elsewhere [PROOF-4]", async () => {
  await using town = new Town();
  const relay = await town.relay([], TOKENS);
  const { port } = relay;
  await relay.end();
  const squatter = await squat(town, port, "own");
  const alice = town.person("alice", relay);
  await alice.start();
  const heard = squatter.heard();
  for (const secret of SECRETS) expect(heard).not.toContain(secret);
  const [{ proof }] = frames(heard, "join").map((line) => JSON.parse(line) as { proof: string }) as [{ proof: string }];
  expect(proof).toHaveLength(43);
  await squatter.end();

  const again = await town.relay(["--port", port], TOKENS);
  using mallory = await RawMember.open(again, { name: "mallory", hello: { nonce: "M".repeat(24) } });
  mallory.send({ type: "join", room: "lobby", proof });
  expect((await mallory.closed).code).toBe(1008);
  using twice = await RawMember.open(again, { name: "mallory" });
  twice.send({ type: "join", room: "lobby", proof });
  expect((await twice.closed).code).toBe(1008);
  // The hello's own answer is no proof of a token, whoever made it.
  using guess = await RawMember.open(again, { name: "mallory", hello: { nonce: "M".repeat(24) } });
  guess.send({
    type: "join",
    room: "lobby",
    proof: createHmac("sha256", "a-guess").update("lobby").digest("base64url"),
  });
  expect((await guess.closed).code).toBe(1008);
  // Now the true relay is the stranger: a person says which to trust.
  expect((await alice.start()).err).toContain(`--trust-relay ${again.key}`);
  expect((await alice.start(["--trust-relay", again.key])).err).toBe("");
});

test("who passes everything on to the relay at another port is seen to stand between [PROOF-5]", async () => {
  await using town = new Town();
  const { alice, relay } = await bereft(town);
  const elsewhere = await town.relay([], TOKENS);
  expect(elsewhere.key).toBe(relay.key);
  const squatter = await squat(town, relay.port, "forwards", elsewhere.url);
  await until("it is found out", async () => /Another program stands between/.test(await reason(alice)));
  expect(frames(squatter.heard(), "join")).toEqual([]);
  // What its person says is a tunnel is one.
  expect((await alice.start(["--trust-relay", relay.key], { AGORA_TOKEN: OPERATORS })).err).toBe("");
  for (const secret of SECRETS) expect(squatter.heard()).not.toContain(secret);
});

test("an invite names the key: who was invited believes no other at first contact, either [PROOF-3]", async () => {
  await using town = new Town();
  const relay = await town.relay([], TOKENS);
  const alice = town.person("alice", relay);
  await alice.start();
  const { invite } = JSON.parse((await alice.type(["invite", "--json"])).out) as { invite: string };
  expect(decodeInvite(invite)).toMatchObject({ relayKey: relay.key });
  await relay.end();
  const squatter = await squat(town, relay.port, "own");
  const bob = town.person("bob", undefined);
  expect((await bob.start([invite])).err).toContain(`${relay.key} is kept for it`);
  expect(frames(squatter.heard(), "join")).toEqual([]);
  // And an invite that names another key than the one that is known is no way around it.
  const forged = encodeInvite({ ...decodeInvite(invite)!, relayKey: "A".repeat(43) });
  expect((await alice.start([forged])).err).toContain("only if its admin says that the key has changed");
});

test("an invite made where the relay's key is not known names none, and says so", async () => {
  await using town = new Town();
  const olga = town.person("olga", undefined);
  await olga.type(["room", "create", "lobby"]);
  const words = ["invite", "bob", "--relay", "ws://127.0.0.1:1", "--room", "lobby", "--json"];
  const made = JSON.parse((await olga.type(words)).out) as { invite: string; notes: string[] };
  expect(decodeInvite(made.invite)?.relayKey).toBeUndefined();
  expect(made.notes.join()).toContain("believes whatever answers there first");
});

test("a relay of before keys is spoken to by plain ws only when its person says so", async () => {
  await using town = new Town();
  const relay = await town.relay([], TOKENS);
  await relay.end();
  const old = await squat(town, relay.port, "old");
  const alice = town.person("alice", relay);
  expect((await alice.start()).err).toContain("--trust-relay none");
  expect(old.heard()).not.toContain(TOKEN);
  expect((await alice.start(["--trust-relay", "none"])).err).toBe("");
  expect(frames(old.heard(), "join")).toHaveLength(1);
  await old.end();
  // The relay has been updated: its key is kept from now on.
  const again = await town.relay(["--port", relay.port], TOKENS);
  await until("joined", async () => (await alice.ask<AnswerData["status"]>(["status"])).connection.state === "joined");
  const kept = (): { relays: { key: string }[] } =>
    JSON.parse(readFileSync(join(alice.home, "relays.json"), "utf8")) as { relays: { key: string }[] };
  await until("a key is kept", () => kept().relays.length > 0);
  expect(kept().relays.map(({ key }) => key)).toEqual([again.key]);
});

test("a relay that lost its key is another one, until its person says that it is the same", async () => {
  await using town = new Town();
  const { alice, relay } = await bereft(town);
  rmSync(join(town.folder, "relay.home", "relay", "key.json"));
  const again = await town.relay(["--port", relay.port], TOKENS);
  expect(again.key).not.toBe(relay.key);
  expect((await alice.start([], { AGORA_TOKEN: OPERATORS })).err).toContain(`--trust-relay ${again.key}`);
  expect((await alice.start(["--trust-relay", again.key], { AGORA_TOKEN: OPERATORS })).err).toBe("");
});
