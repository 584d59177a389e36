// The stand-in model of Codex, a process of its own inside a test's namespace: what Codex needs of the Responses API.
// Usage: node codex-model-main.ts FOLDER. Reads FOLDER/script.json at each request, logs to FOLDER/requests.jsonl.
import { randomUUID } from "node:crypto";
import type { ServerResponse } from "node:http";
import { type CodexRequestBody, isCodexConversation, questionOfCodex } from "./codex-request-log.ts";
import type { Reply } from "./model-script.ts";
import { EVENT_STREAM, openScript, runService, sendJson } from "./scripted-service.ts";

const script = openScript<CodexRequestBody>(process.argv[2] ?? ".");

/** `namespace.name` calls a tool of a namespace; `exec` with `{ code }` is a call of code mode. */
function itemOf(reply: Reply): Record<string, unknown> {
  const id = randomUUID().replaceAll("-", "");
  if (typeof reply === "string") {
    const content = [{ type: "output_text", text: reply, annotations: [] }];
    return { id: `msg_${id}`, type: "message", status: "completed", role: "assistant", content };
  }
  const call = { status: "completed", call_id: `call_${id}` };
  if (reply.tool === "exec")
    return {
      ...call,
      id: `ctc_${id}`,
      type: "custom_tool_call",
      name: "exec",
      namespace: "functions",
      input: reply.input["code"],
    };
  const dot = reply.tool.lastIndexOf(".");
  const name = reply.tool.slice(dot + 1);
  const namespace = dot < 0 ? {} : { namespace: reply.tool.slice(0, dot) };
  return { ...call, id: `fc_${id}`, type: "function_call", name, ...namespace, arguments: JSON.stringify(reply.input) };
}

const usage = {
  input_tokens: 100,
  input_tokens_details: { cached_tokens: 0 },
  output_tokens: 10,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: 110,
};

async function answer(body: CodexRequestBody, response: ServerResponse): Promise<void> {
  // A side request asks for a title or the like: no rule is spent on it.
  const request = { body, question: questionOfCodex(body), takesRule: isCodexConversation(body) };
  const { replies, mayAnswer } = script(request);
  const output = replies.map(itemOf);
  const created = { id: `resp_${randomUUID()}`, object: "response", model: body.model };
  await mayAnswer(response);
  response.writeHead(200, EVENT_STREAM);
  let sequence = 0;
  const tell = (type: string, data: object): void => {
    response.write(`event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: sequence++, ...data })}\n\n`);
  };
  tell("response.created", { response: { ...created, status: "in_progress", output: [] } });
  for (const [index, item] of output.entries()) tell("response.output_item.done", { output_index: index, item });
  tell("response.completed", { response: { ...created, status: "completed", output, usage } });
  response.end();
}

runService(async ({ method, path, raw }, response) => {
  if (method === "POST" && path.endsWith("/responses")) await answer(JSON.parse(raw) as CodexRequestBody, response);
  else if (path.endsWith("/models")) sendJson(response, 200, { object: "list", data: [], models: [] });
  else sendJson(response, 404, { error: { message: path } });
});
