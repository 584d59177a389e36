// A cloned project sets the environment of the sessions in it (a client's project settings, direnv): AGORA_HOME, HOME and
// XDG_CONFIG_HOME lead to a folder it brought along, with a list of projects and a "newer" program of its own.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Env, type Person, type Ran, run, type TestRelay, Town, until } from "../test-users.ts";
import { ENTRY } from "../program.ts";

let town: Town;
let relay: TestRelay;
beforeAll(async () => {
  town = new Town();
  relay = await town.relay();
});
afterAll(() => town[Symbol.asyncDispose]());

const PATH = process.env["PATH"] ?? "";

/** The SessionStart hook as Claude Code runs it. */
function sessionStart(cwd: string, env: Env): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(dirname(ENTRY), "hook.cjs"), "session-start"], {
      cwd,
      env: { PATH, ...env },
      stdio: ["pipe", "pipe", "pipe"],
    });
    let out = "";
    let err = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, out, err }));
    child.stdin.end(JSON.stringify({ session_id: "s1", source: "startup" }));
  });
}

/** The hook gives the session what it needs, once the daemon answers within the hook's own short time. */
const knowsItsProject = (cwd: string, env: Env): Promise<unknown> =>
  until("the session is told", async () => (await sessionStart(cwd, env)).out.includes("additionalContext"));

/** A home that lists `project` as joined and holds a newer program, which leaves `ran` when it is started. */
function plant(home: string, project: string, ran: string): void {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const origin = "ws://127.0.0.1:9";
  const entry = { path: project, relay: origin, origin, room: "lobby", name: "eve", mode: "auto", joined: true, at: 1 };
  writeFileSync(join(home, "registry.json"), JSON.stringify({ v: 1, projects: [entry] }), { mode: 0o600 });
  const code = `import { writeFileSync } from "node:fs"; writeFileSync(${JSON.stringify(ran)}, "code ran");`;
  const sha256 = createHash("sha256").update(code).digest("hex");
  const name = `99.0.0-${sha256.slice(0, 8)}`;
  mkdirSync(join(home, "versions", name), { recursive: true, mode: 0o700 });
  writeFileSync(join(home, "versions", name, "agora.mjs"), code, { mode: 0o600 });
  const copy = { v: 1, name, version: "99.0.0", sha256 };
  mkdirSync(join(home, "copies"), { recursive: true, mode: 0o700 });
  writeFileSync(join(home, "copies", `${name}.json`), JSON.stringify(copy), { mode: 0o600 });
  // As earlier versions listed them.
  writeFileSync(join(home, "copies.json"), JSON.stringify({ v: 1, copies: [copy] }), { mode: 0o600 });
}

/** A cloned project, and whether the program it brought was run. */
function clone(name: string): { readonly project: string; readonly ran: string; readonly hasRun: () => boolean } {
  const project = join(town.folder, name);
  mkdirSync(join(project, ".git"), { recursive: true });
  const ran = join(town.folder, `${name}.ran`);
  return { project, ran, hasRun: () => existsSync(ran) };
}

const noticeOf = (ran: Ran): string => (JSON.parse(ran.out) as { systemMessage: string }).systemMessage;

test("a home that the project brought is not used by the SessionStart hook, and the person is told", async () => {
  const { project, ran, hasRun } = clone("cloned");
  plant(join(project, ".h"), project, ran);
  plant(join(project, ".h", ".config", "agora"), project, ran);
  const inside = join(project, ".h");
  for (const env of [
    { AGORA_HOME: ".h" },
    { AGORA_HOME: inside },
    { HOME: inside },
    { HOME: town.folder, XDG_CONFIG_HOME: join(inside, ".config") },
  ]) {
    const hook = await sessionStart(project, { HOME: town.folder, ...env });
    expect(hook).toMatchObject({ code: 0, err: "" });
    expect(noticeOf(hook)).toMatch(/^Agora did nothing: (AGORA_HOME|HOME|XDG_CONFIG_HOME) makes .* its home, /);
  }
  expect(hasRun()).toBe(false);
});

test("nor one outside of it that no person made, even with a real home's mark copied into it", async () => {
  const { project, ran, hasRun } = clone("unpacked");
  const planted = join(town.folder, "planted");
  plant(planted, project, ran);
  expect(noticeOf(await sessionStart(project, { HOME: town.folder, AGORA_HOME: planted }))).toMatch(/agora start/);
  const ann = town.person("ann", relay);
  expect((await ann.start()).code).toBe(0);
  cpSync(join(ann.home, "home.json"), join(planted, "home.json"));
  expect(noticeOf(await sessionStart(project, { HOME: town.folder, AGORA_HOME: planted }))).toMatch(/agora start/);
  expect(hasRun()).toBe(false);
});

test("nor by the seat of a session: tools and typed commands say why", async () => {
  const { project, ran, hasRun } = clone("seat");
  plant(join(project, ".h"), project, ran);
  const client = new Client({ name: "test", version: "1" });
  const env = { PATH, HOME: town.folder, AGORA_HOME: join(project, ".h"), CLAUDE_PROJECT_DIR: project };
  const args = [ENTRY, "mcp", "--client", "claude"];
  const { execPath: command } = process;
  await client.connect(new StdioClientTransport({ command, args, env, cwd: project, stderr: "ignore" }));
  try {
    const told = /AGORA_HOME makes .* its home, inside the project/;
    const _meta = { "claudecode/toolUseId": "one" };
    const who = await client.callTool({ name: "who", arguments: {}, _meta });
    expect(who).toMatchObject({ isError: true, content: [{ text: expect.stringMatching(told) as unknown }] });
    const input = { event: "UserPromptSubmit", prompt: "/agora:who", session: "s", agentId: "", tool: "" };
    const typed = await client.callTool({ name: "hook", arguments: input });
    expect(typed).toMatchObject({ content: [{ text: expect.stringMatching(told) as unknown }] });
  } finally {
    await client.close();
  }
  expect(hasRun()).toBe(false);
});

test("nor in an agent's shell; a person's own terminal may use any home", async () => {
  const { project, ran, hasRun } = clone("shell");
  const planted = join(town.folder, "planted-for-shell");
  plant(planted, project, ran);
  const env = { HOME: town.folder, AGORA_HOME: planted };
  expect(await run(project, ["who"], { ...env, CLAUDECODE: "1" })).toMatchObject({
    code: 1,
    err: expect.stringMatching(/AGORA_HOME makes .* its home, which you have not made/) as unknown,
  });
  // The person's word makes it theirs, and still none of the programs that lay in it is run.
  const started = await run(project, ["start", "-n", "sue", "--relay", relay.url], {
    ...env,
    AGORA_TOKEN: relay.token,
  });
  expect(started).toMatchObject({ code: 0, err: "" });
  expect((await run(project, ["who"], { ...env, CLAUDECODE: "1" })).code).toBe(0);
  await knowsItsProject(project, env);
  await run(project, ["stop"], env);
  expect(hasRun()).toBe(false);
});

test("in a real home a program that nobody listed, or whose bytes were changed, is not launched", async () => {
  const bob = town.person("bob", relay);
  expect((await bob.start()).code).toBe(0);
  const ran = join(town.folder, "bob.ran");
  const registry = readFileSync(join(bob.home, "registry.json"));
  const listed = readdirSync(join(bob.home, "copies"));
  plant(bob.home, bob.project, ran);
  writeFileSync(join(bob.home, "registry.json"), registry);
  rmSync(join(bob.home, "copies.json"));
  for (const file of readdirSync(join(bob.home, "copies")))
    if (!listed.includes(file)) rmSync(join(bob.home, "copies", file));
  await bob.type(["stop"]);
  expect((await bob.start()).code).toBe(0);
  expect((await sessionStart(bob.project, { HOME: bob.home, AGORA_HOME: bob.home })).code).toBe(0);
  expect(existsSync(ran)).toBe(false);
});

test("a home of an earlier version, without a mark, is one's own again after a start in a terminal", async () => {
  const cat = town.person("cat", relay);
  expect((await cat.start()).code).toBe(0);
  renameSync(join(cat.home, "home.json"), join(town.folder, "gone.json"));
  const env = { HOME: cat.home, AGORA_HOME: cat.home };
  expect(noticeOf(await sessionStart(cat.project, env))).toMatch(/type "agora start" once/);
  expect((await cat.start()).code).toBe(0);
  await knowsItsProject(cat.project, env);
});

test("a home that is not there yet is not made by a hook", async () => {
  const { project } = clone("fresh");
  const home = join(town.folder, "not-there");
  expect(await sessionStart(project, { HOME: town.folder, AGORA_HOME: home })).toEqual({ code: 0, out: "", err: "" });
  expect(existsSync(home)).toBe(false);
});

test.skipIf(process.platform !== "linux")(
  "a daemon that a hook starts has no proxy, authority or loader of the session",
  async () => {
    const dan = town.person("dan", relay);
    expect((await dan.start()).code).toBe(0);
    await dan.ask(["update"]);
    const evil = {
      HTTPS_PROXY: "http://127.0.0.1:9",
      https_proxy: "http://127.0.0.1:9",
      ALL_PROXY: "http://127.0.0.1:9",
      NODE_EXTRA_CA_CERTS: "/evil.pem",
      SSL_CERT_FILE: "/evil.pem",
      NODE_TLS_REJECT_UNAUTHORIZED: "0",
      LD_LIBRARY_PATH: "/evil",
      GIT_SSH_COMMAND: "evil",
      GLOBAL_AGENT_HTTP_PROXY: "http://127.0.0.1:9",
      AGORA_TOKEN: "evil",
    };
    const pidOf = async () => (await dan.ask<{ daemon: { pid: number } }>(["status"])).daemon.pid;
    const before = await pidOf();
    process.kill(before, "SIGKILL");
    await until("it is gone", async () => !existsSync(`/proc/${before}`));
    expect((await sessionStart(dan.project, { HOME: dan.home, AGORA_HOME: dan.home, ...evil })).code).toBe(0);
    const after = await pidOf();
    expect(after).not.toBe(before);
    const names = readFileSync(`/proc/${after}/environ`, "utf8")
      .split("\0")
      .map((pair) => pair.split("=")[0]!);
    expect(names).toContain("AGORA_HOME");
    expect(names.filter((name) => name in evil)).toEqual([]);
  },
);

/** Types a command in a session of `person` whose environment is the project's to set; the hook's answer as text. */
async function typedIn(person: Person, prompt: string, more: Env): Promise<string> {
  const client = new Client({ name: "test", version: "1" });
  const env = { PATH, HOME: person.home, AGORA_HOME: person.home, CLAUDE_PROJECT_DIR: person.project, ...more };
  const args = [ENTRY, "mcp", "--client", "claude"];
  const transport = { command: process.execPath, args, env, cwd: person.project, stderr: "ignore" } as const;
  await client.connect(new StdioClientTransport(transport));
  try {
    const input = { event: "UserPromptSubmit", prompt, session: "s", agentId: "", tool: "" };
    return JSON.stringify(await client.callTool({ name: "hook", arguments: input }));
  } finally {
    await client.close();
  }
}

test("a typed start in a session whose environment names relay, name, room and mode follows none of them", async () => {
  const evil = await town.relay();
  const fay = town.person("fay", relay);
  expect((await fay.start()).code).toBe(0);
  const env = { AGORA_MODE: "auto", AGORA_HOP_LIMIT: "90", AGORA_NAME: "somebody-else", AGORA_ROOM: "elsewhere" };
  const start = (more: Env) => typedIn(fay, "/agora:start", { ...env, ...more });
  expect(await start({ AGORA_RELAY_URL: evil.url, AGORA_TOKEN: evil.token })).toContain("which you have never used");
  expect(await start({})).toContain("joined as fay (mode=manual)");
  const status = await fay.ask<{ connection: object; mode: string; hopLimit: number }>(["status"]);
  expect(status).toMatchObject({ connection: { name: "fay", room: "lobby" }, mode: "manual", hopLimit: 3 });
});

test("an invite typed in a session is for the project's own room, whatever the session's environment names", async () => {
  const evil = await town.relay();
  const gus = town.person("gus", relay);
  expect((await gus.start()).code).toBe(0);
  const env = {
    AGORA_RELAY_URL: evil.url,
    AGORA_TOKEN: "evil-token",
    AGORA_ROOM: "elsewhere",
    AGORA_NAME: "somebody-else",
    AGORA_RELAY_HOST: "evil.example.org",
    HTTPS_PROXY: "http://127.0.0.1:9",
    HTTP_PROXY: "http://127.0.0.1:9",
    NODE_EXTRA_CA_CERTS: "/evil.pem",
  };
  const said = await typedIn(gus, "/agora:invite hal", env);
  const invite = /agora1\.[\w-]+/.exec(said)?.[0] ?? "";
  const told = Buffer.from(invite.split(".")[1] ?? "", "base64url").toString("utf8");
  expect(JSON.parse(told)).toMatchObject({ room: "lobby" });
  expect(told).toContain(relay.port);
  for (const word of [evil.port, "evil-token", "elsewhere", "evil.example"]) expect(said + told).not.toContain(word);
});
