// The tool list for other servers that offer it: those that speak MCP over something other than stdio. Importing this loads
// no SDK.
export { MAX_TOOL_WAIT_S } from "./limits.ts";
export { callTool } from "./tool-calls.ts";
export { type ToolName, TOOLS } from "./tools.ts";
export { may, READS, SPEAKS, type ToolRow, toTool } from "./define-tool.ts";
export { readArgsOf } from "./read-args.ts";
