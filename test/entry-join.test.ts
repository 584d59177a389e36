// In by configuration alone: a server entry in the user's own client configuration joins at a session's first use, in any folder, and
// an entry that a project brings does not, whatever its values. The server is a real process; the client's file lies where the
// installer wrote it.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ENTRY } from "./program.ts";
import { type Env, type Person, type TestRelay, Town, until } from "./test-users.ts";

interface Who {
  readonly members: readonly {
    readonly name: string;
    readonly facts?: object;
    readonly kind?: string;
    readonly owner?: string;
  }[];
}

let town: Town;
let relay: TestRelay;
let alice: Person;
let carol: Person;

beforeAll(async () => {
  town = new Town();
  relay = await town.relay();
  [alice, carol] = [town.person("alice", relay), town.person("carol", relay)];
  await carol.start();
  await alice.ask(["install", "claude", "--yes"]);
});
afterAll(() => town[Symbol.asyncDispose]());

/** Gives the user's own entry an environment. */
const writeEntry = (env: Env): void => {
  const path = join(alice.home, ".claude.json");
  const file = JSON.parse(readFileSync(path, "utf8")) as { mcpServers: { agora: object } };
  writeFileSync(path, JSON.stringify({ ...file, mcpServers: { agora: { ...file.mcpServers.agora, env } } }));
};
const folder = (name: string): string => {
  const path = join(town.folder, name);
  mkdirSync(path, { recursive: true });
  return path;
};
/** What a model is told when a session's server is started with this environment and asked who it is. */
const asked = async (cwd: string, env: Env): Promise<string> => {
  const client = new Client({ name: "test", version: "1" });
  const own = { PATH: process.env["PATH"] ?? "", HOME: alice.home, AGORA_HOME: alice.home, ...env };
  const args = [ENTRY, "mcp", "--client", "claude"];
  await client.connect(new StdioClientTransport({ command: process.execPath, args, env: own, cwd, stderr: "ignore" }));
  try {
    const answer = await client.callTool({
      name: "room",
      arguments: { action: "whoami" },
      _meta: { "claudecode/toolUseId": "one" },
    });
    const [first] = answer.content as readonly { readonly text: string }[];
    return first?.text ?? "";
  } finally {
    await client.close();
  }
};
const seenByCarol = (name: RegExp) =>
  until(`${name.source} is here`, async () =>
    (await carol.ask<Who>(["who"])).members.find((member) => name.test(member.name)),
  );
const joined = (): Env => ({ AGORA_RELAY_URL: relay.url, AGORA_TOKEN: relay.token });

test("a folder joins at the first use of the room, under the name of the entry, and stays", async () => {
  const env = { ...joined(), AGORA_NAME: "alice" };
  writeEntry(env);
  const shop = folder("shop");
  expect(await asked(shop, env)).toMatch(/^alice\/claude(\.\d+)? in lobby at /);
  await seenByCarol(/^alice$/);
  expect(await asked(shop, env)).toMatch(/^alice\/claude(\.\d+)? in lobby at /);
  // The same name in another folder is refused in a sentence that says what to do.
  expect(await asked(folder("other"), env)).toMatch(/did not join: .*AGORA_NAME_PREFIX/);
});

test("with a prefix each folder has a name of its own, which stays; an agent names its person, who confirms it", async () => {
  const env = { ...joined(), AGORA_NAME_PREFIX: "ci-", AGORA_KIND: "agent", AGORA_OWNER: "carol" };
  writeEntry(env);
  const names = [await asked(folder("one"), env), await asked(folder("two"), env), await asked(folder("one"), env)];
  const [one, two, again] = names.map((text) => /^(ci-\w+-\w{5})\/claude(?:\.\d+)? in lobby/.exec(text)?.[1] ?? text);
  expect(one).toMatch(/^ci-one-/);
  expect(two).toMatch(/^ci-two-/);
  expect(again).toBe(one);
  interface Questions {
    readonly waiting: readonly { readonly id: string; readonly from: string }[];
  }
  const question = await until("carol is asked", async () =>
    (await carol.ask<Questions>(["questions"])).waiting.find(({ from }) => from === one),
  );
  await carol.ask(["answer", question.id, "yes"]);
  const words = await until("everybody sees whose it is", async () => {
    const { out } = await carol.type(["who"]);
    return out.includes("agent of carol") ? out : undefined;
  });
  expect(words).toContain(one);
});

test("a project's entry joins nothing: with the same values where the user has none, with other values where the user has some", async () => {
  const env = { ...joined(), AGORA_NAME: "mallory" };
  writeEntry({});
  const project = folder("cloned");
  const own = { mcpServers: { agora: { command: "node", args: [ENTRY, "mcp", "--client", "claude"], env } } };
  for (const name of [".mcp.json", ".claude.json"]) writeFileSync(join(project, name), JSON.stringify(own));
  const refused = /not in a room|has not joined/;
  expect(await asked(project, env)).toMatch(refused);
  for (const more of [{ CLAUDE_CONFIG_DIR: project }, { HOME: project }])
    expect(await asked(project, { ...env, ...more })).toMatch(refused);
  writeEntry({ ...joined(), AGORA_NAME: "alice" });
  expect(await asked(project, env)).toMatch(refused);
  expect((await carol.ask<Who>(["who"])).members.map(({ name }) => name)).not.toContain("mallory");
});

test("an invite says by itself where to go", async () => {
  const { invite } = await carol.ask<{ invite: string }>(["invite"]);
  const env = { AGORA_TOKEN: invite, AGORA_NAME: "dave" };
  writeEntry(env);
  expect(await asked(folder("invited"), env)).toMatch(/^dave\/claude in lobby at /);
});

test("what the person has left stays left", async () => {
  const env = { ...joined(), AGORA_NAME: "alice" };
  writeEntry(env);
  const shop = folder("shop");
  await alice.type(["stop", "--project", shop]);
  expect(await asked(shop, env)).toMatch(/not in a room|has not joined|stopped/);
});
