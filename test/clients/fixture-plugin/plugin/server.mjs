// An MCP server over stdio, without any dependency: the tool `say` is listed, the tool `hook` is not.
// It answers hooks by what the prompt or the model's last words ask for, and records every call with its _meta.
import { createInterface } from "node:readline";
import { record, surroundings } from "./record.mjs";

record("server", { surroundings: surroundings() });
const say = {
  name: "say",
  description: "Says something",
  inputSchema: { type: "object", properties: { text: { type: "string" } } },
};
const stopped = new Set();

createInterface({ input: process.stdin }).on("line", (line) => {
  const { id, method, params } = JSON.parse(line);
  if (id === undefined) return;
  const answer = answers[method]?.(params);
  const body = answer === undefined ? { error: { code: -32601, message: method } } : { result: answer };
  process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", id, ...body })}\n`);
});

const answers = {
  initialize: ({ protocolVersion }) => ({
    protocolVersion,
    capabilities: { tools: {} },
    serverInfo: { name: "room", version: "0.0.1" },
  }),
  ping: () => ({}),
  "tools/list": () => ({ tools: [say] }),
  "tools/call": ({ name, arguments: input, _meta }) => {
    record("call", { name, input, meta: _meta });
    const text = name === "hook" ? JSON.stringify(hook(input)) : `said ${input.text}`;
    return { content: [{ type: "text", text }] };
  },
};

function hook({ event, prompt, turn, agent, said }) {
  const withContext = (additionalContext) => ({ hookSpecificOutput: { hookEventName: event, additionalContext } });
  if (agent !== "") return {};
  if (event === "UserPromptSubmit" && prompt.startsWith("/fixture:")) {
    const quiet = { hookEventName: event, suppressOriginalPrompt: true };
    return { decision: "block", reason: `FIXTURE-DONE\n${prompt}`, hookSpecificOutput: quiet };
  }
  if (event === "UserPromptSubmit") return withContext(`FIXTURE-PROMPT-CONTEXT ${prompt.slice(0, 24)}`);
  if (event === "PostToolUse") return withContext("FIXTURE-TOOL-CONTEXT");
  // Once a turn: the turn's own id tells, stop_hook_active does not.
  if (event !== "Stop" || stopped.has(turn)) return {};
  stopped.add(turn);
  if (said.includes("STOP-CONTEXT")) return withContext("FIXTURE-STOP-CONTEXT");
  if (said.includes("STOP-BOTH"))
    return { decision: "block", reason: "FIXTURE-REASON", ...withContext("FIXTURE-STOP-CONTEXT") };
  return {};
}
