// A client's side of an MCP server over stdio: the room's own, and the SDK's empty one that it is measured against.
import { readFileSync, rmSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { build } from "esbuild";
import { pluginRoot, type Side } from "./pair.ts";

export interface Connected extends AsyncDisposable {
  readonly client: Client;
  /** Calls a tool and gives the text of its result. */
  call(name: string, args: Record<string, string>): Promise<string>;
}

/** The room's server, started as the plugin starts it. */
export async function openRoomServer(side: Side): Promise<Connected> {
  const { mcpServers } = JSON.parse(readFileSync(join(pluginRoot, ".mcp.json"), "utf8")) as {
    mcpServers: { room: { args: string[] } };
  };
  const args = mcpServers.room.args.map((arg) => arg.replace("${CLAUDE_PLUGIN_ROOT}", pluginRoot));
  return await connect(args, side.env, side.project);
}

/** The SDK's low-level server with one tool that does nothing, bundled the same way. */
export async function openEmptyServer(): Promise<Connected> {
  const folder = mkdtempSync(join(tmpdir(), "agora-empty-"));
  const outfile = join(folder, "empty.mjs");
  await build({
    entryPoints: [fileURLToPath(new URL("./empty-server.ts", import.meta.url))],
    outfile,
    bundle: true,
    platform: "node",
    target: "node20.19",
    format: "esm",
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
    logLevel: "error",
  });
  const connected = await connect([outfile], {}, folder);
  return {
    ...connected,
    async [Symbol.asyncDispose]() {
      await connected[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function connect(args: string[], env: Record<string, string>, cwd: string): Promise<Connected> {
  const client = new Client({ name: "bench", version: "0" });
  await client.connect(new StdioClientTransport({ command: process.execPath, args, env, cwd, stderr: "inherit" }));
  return {
    client,
    async call(name, input) {
      const { content } = await client.callTool({ name, arguments: input });
      return (content as { text: string }[])[0]?.text ?? "";
    },
    [Symbol.asyncDispose]: () => client.close(),
  };
}
