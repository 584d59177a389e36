// The stand-in model of Codex, a process of its own inside a test's namespace: what Codex needs of the Responses API.
// Usage: node codex-model-main.ts FOLDER. Reads FOLDER/script.json at each request, logs to FOLDER/requests.jsonl.
import { randomUUID } from "node:crypto";
import { appendFileSync, readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";
import {
  type CodexRequestBody,
  isCodexConversation,
  type LoggedCodexRequest,
  questionOfCodex,
} from "./codex-request-log.ts";
import { pickRule, plainReply, type Reply, type Rule, type Script, withCaptured } from "./model-script.ts";

const folder = process.argv[2] ?? ".";
const used = new Map<number, number>();
let edition = -1;
let count = 0;

function currentRules(): readonly Rule[] {
  const script = JSON.parse(readFileSync(join(folder, "script.json"), "utf8")) as Script;
  if (script.edition !== edition) used.clear();
  edition = script.edition;
  return script.rules;
}

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
  const question = questionOfCodex(body);
  // A side request asks for a title or the like: no rule is spent on it.
  const rules = isCodexConversation(body) ? currentRules() : [];
  const at = pickRule(rules, question, used);
  const rule = rules[at];
  used.set(at, (used.get(at) ?? 0) + 1);
  const logged: LoggedCodexRequest = { number: ++count, at: Date.now(), rule: at, body };
  appendFileSync(join(folder, "requests.jsonl"), `${JSON.stringify(logged)}\n`);

  const output = [rule === undefined ? plainReply(question) : withCaptured(rule, question)].flat().map(itemOf);
  const created = { id: `resp_${randomUUID()}`, object: "response", model: body.model };
  await pause(rule?.delayMs ?? 0);
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
  let sequence = 0;
  const tell = (type: string, data: object): void => {
    response.write(`event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: sequence++, ...data })}\n\n`);
  };
  tell("response.created", { response: { ...created, status: "in_progress", output: [] } });
  for (const [index, item] of output.entries()) {
    tell("response.output_item.done", { output_index: index, item });
    if (index === 0) await pause(rule?.stallMs ?? 0);
  }
  tell("response.completed", { response: { ...created, status: "completed", output, usage } });
  response.end();
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const raw = await text(request);
  const path = new URL(request.url ?? "/", "http://localhost").pathname;
  if (request.method === "POST" && path.endsWith("/responses"))
    await answer(JSON.parse(raw) as CodexRequestBody, response);
  else if (path.endsWith("/models")) sendJson(response, 200, { object: "list", data: [], models: [] });
  else sendJson(response, 404, { error: { message: path } });
}

const server = createServer((request, response) => {
  serve(request, response).catch((error: unknown) => {
    console.error(error);
    response.destroy();
  });
});
server.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));
// The test holds the other end of stdin: without a test there is no service.
process.stdin.resume().on("end", () => process.exit(0));
