// The MCP server: the tools a model sees, and one hidden entry for the client's hooks.
import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import {
  CallToolRequestSchema,
  type CallToolResult,
  ErrorCode,
  ListToolsRequestSchema,
  McpError,
} from "@modelcontextprotocol/sdk/types.js";
import type { Result } from "@agora/protocol";
import type { CallMeta } from "./hook-call.ts";
import { isModelCall } from "./model-marks.ts";
import type { ToolAnswer } from "./tool-calls.ts";
import { INSTRUCTIONS, isToolName, type ToolName, TOOLS } from "./tools.ts";

export interface ServerParts {
  readonly version: string;
  /** A call from the model. */
  readonly call: (name: ToolName, args: unknown, meta: CallMeta) => Promise<Result<ToolAnswer>>;
  /** A hook of the client; returns the JSON the client expects. Undefined: this client has no hooks. */
  readonly hook:
    | ((input: Readonly<Record<string, unknown>>, signal: AbortSignal, meta: CallMeta) => Promise<object>)
    | undefined;
  /** Whether a call is a hook's, by its `_meta`; by default, whether nothing marks it as a model's. */
  readonly isHook?: ((meta: CallMeta) => boolean) | undefined;
  /** Somebody called the hook entry and wasn't recognized as a hook. */
  readonly hookRefused?: (() => void) | undefined;
  /** Capabilities beyond the standard that a client asks for. */
  readonly experimental?: Readonly<Record<string, object>> | undefined;
}

/**
 * The name under which hooks reach us. It is in no list, so no model is offered it, and clients don't route models to it.
 */
export const HOOK_TOOL = "hook";

/** Creates the server; it still has to be connected to a transport. */
export function createServer(parts: ServerParts): Server {
  const server = new Server(
    { name: "agora", version: parts.version },
    {
      capabilities: {
        tools: {},
        ...(parts.experimental === undefined ? {} : { experimental: { ...parts.experimental } }),
      },
      instructions: INSTRUCTIONS,
    },
  );
  const isHook = parts.isHook ?? ((meta) => !isModelCall(meta));
  const list = { tools: [...TOOLS] };
  server.setRequestHandler(ListToolsRequestSchema, () => list);
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, { signal }): Promise<CallToolResult> => {
    const { name, arguments: args = {} } = params;
    if (isToolName(name)) {
      const answer = await parts.call(name, args, params._meta);
      if (!answer.ok) return { ...said(answer.message), isError: true };
      const { text, data } = answer.value;
      return data === undefined ? said(text) : { ...said(text), structuredContent: { ...data } };
    }
    if (name === HOOK_TOOL && parts.hook !== undefined) {
      if (isHook(params._meta)) return said(JSON.stringify(await parts.hook(args, signal, params._meta)));
      // A model that calls it is told what is true for a model: there is no such tool.
      parts.hookRefused?.();
    }
    throw new McpError(ErrorCode.InvalidParams, `Unknown tool: ${name}`);
  });
  return server;
}

function said(text: string): CallToolResult {
  return { content: [{ type: "text", text }] };
}
