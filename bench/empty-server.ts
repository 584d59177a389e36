// The reference of the hook figures: the MCP SDK's own server with a tool that answers `{}`, or as many
// bytes as it is asked for.
import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { CallToolRequestSchema } from "@modelcontextprotocol/sdk/types.js";

const server = new Server({ name: "empty", version: "0.0.0" }, { capabilities: { tools: {} } });
server.setRequestHandler(CallToolRequestSchema, ({ params }) => {
  const bytes = Number(params.arguments?.["bytes"] ?? 0);
  return { content: [{ type: "text", text: bytes === 0 ? "{}" : "x".repeat(bytes) }] };
});
process.stdin.once("end", () => process.exit(0));
await server.connect(new StdioServerTransport());
