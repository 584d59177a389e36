// What the Codex plugin ships says the same as what the installer writes.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseTOML, getStaticTOMLValue } from "toml-eslint-parser";
import { findClient } from "../src/index.ts";

const plugin = join(import.meta.dirname, "..", "..", "codex");
const bundle = "/path/of/agora/packages/codex/dist/agora.mjs";
const added = findClient("codex")!.add(undefined, { command: "node", bundle }, "agora");
const written = added.ok ? (getStaticTOMLValue(parseTOML(added.value)) as unknown as Config) : undefined;

interface Config {
  readonly mcp_servers: { readonly agora: Record<string, unknown> };
  readonly hooks: Record<string, unknown>;
}

test("the example is what the installer writes", () => {
  const example = readFileSync(join(plugin, "config.toml.example"), "utf8");
  expect(getStaticTOMLValue(parseTOML(example))).toEqual(written);
});

test("the plugin's server and hooks are the same, but for where they start", () => {
  const server = JSON.parse(readFileSync(join(plugin, ".mcp.json"), "utf8")) as {
    mcpServers: { agora: Record<string, unknown> };
  };
  const { args, cwd, ...rest } = server.mcpServers.agora;
  expect(args).toEqual(["./dist/mcp.cjs", "mcp", "--client", "codex"]);
  expect(cwd).toBe(".");
  expect({ ...rest, args: written?.mcp_servers.agora["args"] }).toEqual(written?.mcp_servers.agora);
  const hooks = JSON.parse(readFileSync(join(plugin, "hooks", "hooks.json"), "utf8")) as { hooks: unknown };
  expect(hooks.hooks).toEqual(written?.hooks);
});
