// The stand-in for the Anthropic Messages API, as a process of its own: the network namespace has no other way in.
// node model-service-main.ts FOLDER reads FOLDER/script.json at each request, appends to FOLDER/requests.jsonl, and prints its port.
import { randomUUID } from "node:crypto";
import { appendFileSync, readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";
import { pickRule, plainReply, type Reply, type Rule, type Script, withCaptured } from "./model-script.ts";
import { type LoggedRequest, questionOf, type RequestBody } from "./request-log.ts";

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

type Content =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "tool_use"; readonly id: string; readonly name: string; readonly input: unknown };

function contentOf(reply: Reply): Content {
  if (typeof reply === "string") return { type: "text", text: reply };
  return { type: "tool_use", id: `toolu_${randomUUID().replaceAll("-", "")}`, name: reply.tool, input: reply.input };
}

const usage = { input_tokens: 10, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 5 };

async function answer(body: RequestBody, response: ServerResponse): Promise<void> {
  const question = questionOf(body);
  // A request without tools asks for a title or the like: no rule is spent on it.
  const rules = (body.tools ?? []).length > 0 ? currentRules() : [];
  const at = pickRule(rules, question, used);
  const rule = rules[at];
  used.set(at, (used.get(at) ?? 0) + 1);
  const logged: LoggedRequest = { number: ++count, at: Date.now(), rule: at, body };
  appendFileSync(join(folder, "requests.jsonl"), `${JSON.stringify(logged)}\n`);

  const content = [rule === undefined ? plainReply(question) : withCaptured(rule, question)].flat().map(contentOf);
  const stop = content.some(({ type }) => type === "tool_use") ? "tool_use" : "end_turn";
  const id = `msg_${randomUUID()}`;
  const message = {
    id,
    type: "message",
    role: "assistant",
    model: body.model,
    stop_reason: null,
    stop_sequence: null,
    usage,
  };
  await pause(rule?.delayMs ?? 0);
  if (body.stream !== true) {
    sendJson(response, 200, { ...message, content, stop_reason: stop });
    return;
  }
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
  const tell = (type: string, data: object): void => {
    response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
  };
  tell("message_start", { message: { ...message, content: [] } });
  for (const [index, block] of content.entries()) {
    if (block.type === "text") {
      tell("content_block_start", { index, content_block: { type: "text", text: "" } });
      tell("content_block_delta", { index, delta: { type: "text_delta", text: block.text } });
    } else {
      tell("content_block_start", { index, content_block: { ...block, input: {} } });
      tell("content_block_delta", {
        index,
        delta: { type: "input_json_delta", partial_json: JSON.stringify(block.input) },
      });
    }
    if (index === 0) await pause(rule?.stallMs ?? 0);
    tell("content_block_stop", { index });
  }
  tell("message_delta", { delta: { stop_reason: stop, stop_sequence: null }, usage });
  tell("message_stop", {});
  response.end();
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const raw = await text(request);
  const path = new URL(request.url ?? "/", "http://localhost").pathname;
  if (path === "/v1/messages") await answer(JSON.parse(raw) as RequestBody, response);
  else if (path === "/v1/messages/count_tokens") sendJson(response, 200, { input_tokens: Math.ceil(raw.length / 4) });
  else
    sendJson(response, request.method === "HEAD" ? 200 : 404, {
      type: "error",
      error: { type: "not_found_error", message: path },
    });
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
