// Whose words an entry is: the user's own file counts, nothing that a project or an environment brings.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Home, markHome } from "@agora/user-config";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Client } from "./client.ts";
import { findClient } from "./clients.ts";
import { findOwnEntry } from "./own-entry.ts";

let user: string;
let project: string;
let home: Home;
beforeEach(() => {
  user = realpathSync(mkdtempSync(join(tmpdir(), "agora-entry-")));
  project = join(user, "work");
  home = { path: join(user, ".config", "agora") };
  mkdirSync(home.path, { recursive: true, mode: 0o700 });
  mkdirSync(project);
  markHome(home);
});
afterEach(() => rmSync(user, { recursive: true, force: true }));

const VALUES = { AGORA_RELAY_URL: "wss://relay.example.org", AGORA_TOKEN: "a-token", AGORA_NAME: "alice" };
const words = (client: string) => ({ command: "node", args: ["/x/agora.mjs", "mcp", "--client", client] });
const write = (path: string, text: string): void => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
};
const claude = (env: object, more: object = {}): string =>
  JSON.stringify({ mcpServers: { agora: { ...words("claude"), env } }, ...more });
const must = (text: ReturnType<Client["add"]>): string => {
  if (!text.ok) throw new Error(text.message);
  return text.value;
};
const find = (client: string, env: Record<string, string>) =>
  findOwnEntry({ client, env: { HOME: user, ...env }, home, project, platform: "linux", account: user });

describe("an entry in the user's own file", () => {
  test("counts for the process that was given its values: Claude, Codex, opencode", () => {
    write(join(user, ".claude.json"), claude(VALUES));
    write(
      join(user, ".codex", "config.toml"),
      `[mcp_servers.agora]\ncommand = "node"\nargs = ["/x/agora.mjs", "mcp", "--client", "codex"]\n[mcp_servers.agora.env]\nAGORA_TOKEN = "agora1.abc"\n`,
    );
    const opencode = {
      type: "local",
      command: ["node", "/x/agora.mjs", "mcp", "--client", "opencode"],
      environment: VALUES,
    };
    write(join(user, ".config", "opencode", "opencode.json"), JSON.stringify({ mcp: { agora: opencode } }));
    expect(find("claude", VALUES)).toEqual({ path: join(user, ".claude.json"), env: VALUES });
    expect(find("codex", { AGORA_TOKEN: "agora1.abc" })).toMatchObject({ env: { AGORA_TOKEN: "agora1.abc" } });
    expect(find("opencode", VALUES)).toMatchObject({ env: VALUES });
  });

  test("of Claude counts for its folder alone where it stands there for one", () => {
    const local = { mcpServers: { room: { ...words("claude"), env: VALUES } } };
    write(join(user, ".claude.json"), JSON.stringify({ projects: { [project]: local } }));
    expect(find("claude", VALUES)).toMatchObject({ env: VALUES });
    write(join(user, ".claude.json"), JSON.stringify({ projects: { [join(user, "other")]: local } }));
    expect(find("claude", VALUES)).toBeUndefined();
  });

  test("counts for nothing when the process was given other values, or none", () => {
    write(join(user, ".claude.json"), claude(VALUES));
    expect(find("claude", { ...VALUES, AGORA_TOKEN: "another" })).toBeUndefined();
    expect(find("claude", { ...VALUES, AGORA_RELAY_URL: "wss://evil.example.org" })).toBeUndefined();
    expect(find("claude", {})).toBeUndefined();
    expect(find("gemini", VALUES)).toBeUndefined();
  });

  test("joins nothing without a relay or token, with values from an environment, or for another program", () => {
    for (const env of [{ AGORA_NAME: "alice" }, { ...VALUES, AGORA_TOKEN: "${AGORA_TOKEN}" }, "no object"]) {
      write(join(user, ".claude.json"), claude(env as object));
      expect(find("claude", VALUES)).toBeUndefined();
    }
    write(join(user, ".claude.json"), JSON.stringify({ mcpServers: { agora: { command: "evil", env: VALUES } } }));
    expect(find("claude", VALUES)).toBeUndefined();
    write(join(user, ".claude.json"), "{ not json");
    expect(find("claude", VALUES)).toBeUndefined();
  });
});

test("stays as the person wrote it when the installer writes the entry anew", () => {
  const launch = { command: "/new/node", bundle: "/new/agora.mjs" };
  const json = must(findClient("claude")!.add(claude(VALUES), launch, "agora"));
  expect(JSON.parse(json)).toMatchObject({ mcpServers: { agora: { command: "/new/node", env: VALUES } } });
  const codex = findClient("codex")!;
  const installed = must(codex.add(undefined, { command: "node", bundle: "/old/agora.mjs" }, "agora"));
  const own = `${installed}\n[mcp_servers.agora.env]\nAGORA_TOKEN = "a \\"token\\""\n`;
  const anew = must(codex.add(own, launch, "agora"));
  expect(codex.entries!(anew, "")).toMatchObject([{ env: { AGORA_TOKEN: 'a "token"' } }]);
  expect(anew).toContain("/new/agora.mjs");
  expect(must(codex.add(anew, launch, "agora"))).toBe(anew);
});

describe("what a project brings", () => {
  test("is not read: neither its own files nor a folder that its environment names", () => {
    write(join(project, ".mcp.json"), claude(VALUES));
    write(join(project, ".claude.json"), claude(VALUES));
    expect(find("claude", VALUES)).toBeUndefined();
    expect(find("claude", { ...VALUES, CLAUDE_CONFIG_DIR: project })).toBeUndefined();
    expect(find("claude", { ...VALUES, HOME: project })).toBeUndefined();
    // A home that nobody made is no proof of anything, whatever notes lie there.
    const planted = { path: join(project, "planted") };
    write(
      join(planted.path, "installed", "claude-agora.json"),
      JSON.stringify({ path: join(project, ".claude.json") }),
    );
    const search = { client: "claude", env: { ...VALUES, HOME: project }, home: planted, project, account: user };
    expect(findOwnEntry(search)).toBeUndefined();
    write(join(project, ".codex", "config.toml"), "");
    expect(find("codex", { ...VALUES, CODEX_HOME: join(project, ".codex") })).toBeUndefined();
  });

  test("a file elsewhere counts that the user had Agora write to", () => {
    const elsewhere = join(user, "elsewhere");
    write(join(elsewhere, ".claude.json"), claude(VALUES));
    const named = { ...VALUES, CLAUDE_CONFIG_DIR: elsewhere };
    expect(find("claude", named)).toBeUndefined();
    const note = join(home.path, "installed", "claude-agora.json");
    write(note, JSON.stringify({ path: join(elsewhere, ".claude.json"), made: true }));
    expect(find("claude", named)).toMatchObject({ path: join(elsewhere, ".claude.json") });
  });
});
