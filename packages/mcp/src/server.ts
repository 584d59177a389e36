// The MCP server: the tools a model sees, and beside them the one entry it does not see, for the client's hooks.
import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import {
  CallToolRequestSchema,
  type CallToolResult,
  ErrorCode,
  ListToolsRequestSchema,
  McpError,
} from "@modelcontextprotocol/sdk/types.js";
import type { Result } from "@agora/protocol";
import { INSTRUCTIONS, isToolName, type ToolName, TOOLS } from "./tools.ts";

export interface ServerParts {
  readonly version: string;
  /** A call of the model. */
  readonly call: (name: ToolName, args: unknown) => Promise<Result<string>>;
  /** A hook of the client; its answer as the JSON the client expects. Undefined: this client has no hooks. */
  readonly hook: ((input: Readonly<Record<string, unknown>>, signal: AbortSignal) => Promise<object>) | undefined;
}

/** The name under which hooks reach us. It is in no list, so no model is offered it and clients don't route it there. */
export const HOOK_TOOL = "hook";

/** Makes the server; it still has to be connected to a transport. */
export function createServer(parts: ServerParts): Server {
  const server = new Server(
    { name: "agora", version: parts.version },
    { capabilities: { tools: {} }, instructions: INSTRUCTIONS },
  );
  const list = { tools: [...TOOLS] };
  server.setRequestHandler(ListToolsRequestSchema, () => list);
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, { signal }): Promise<CallToolResult> => {
    const { name, arguments: args = {} } = params;
    if (isToolName(name)) {
      const answer = await parts.call(name, args);
      return answer.ok ? said(answer.value) : { ...said(answer.message), isError: true };
    }
    // A model's call carries `_meta` (its tool-use id); a hook's has none. Who carries any is told what is true for it:
    // there is no such tool.
    if (name === HOOK_TOOL && params._meta === undefined && parts.hook !== undefined) {
      return said(JSON.stringify(await parts.hook(args, signal)));
    }
    throw new McpError(ErrorCode.InvalidParams, `Unknown tool: ${name}`);
  });
  return server;
}

function said(text: string): CallToolResult {
  return { content: [{ type: "text", text }] };
}
