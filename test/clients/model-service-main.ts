// The stand-in for the Anthropic Messages API, as a process of its own: the network namespace has no other way in.
// node model-service-main.ts FOLDER reads FOLDER/script.json at each request, appends to FOLDER/requests.jsonl, and prints its port.
import { randomUUID } from "node:crypto";
import type { ServerResponse } from "node:http";
import type { Reply } from "./model-script.ts";
import { questionOf, type RequestBody } from "./request-log.ts";
import { EVENT_STREAM, openScript, runService, sendJson } from "./scripted-service.ts";

const script = openScript<RequestBody>(process.argv[2] ?? ".");

type Content =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "tool_use"; readonly id: string; readonly name: string; readonly input: unknown };

function contentOf(reply: Reply): Content {
  if (typeof reply === "string") return { type: "text", text: reply };
  return { type: "tool_use", id: `toolu_${randomUUID().replaceAll("-", "")}`, name: reply.tool, input: reply.input };
}

const usage = { input_tokens: 10, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 5 };

async function answer(body: RequestBody, response: ServerResponse): Promise<void> {
  // A request without tools asks for a title or the like: no rule is spent on it.
  const request = { body, question: questionOf(body), takesRule: (body.tools ?? []).length > 0 };
  const { replies, mayAnswer } = script(request);
  const content = replies.map(contentOf);
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
  await mayAnswer(response);
  if (body.stream !== true) {
    sendJson(response, 200, { ...message, content, stop_reason: stop });
    return;
  }
  response.writeHead(200, EVENT_STREAM);
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
    tell("content_block_stop", { index });
  }
  tell("message_delta", { delta: { stop_reason: stop, stop_sequence: null }, usage });
  tell("message_stop", {});
  response.end();
}

runService(async ({ method, path, raw }, response) => {
  if (path === "/v1/messages") await answer(JSON.parse(raw) as RequestBody, response);
  else if (path === "/v1/messages/count_tokens") sendJson(response, 200, { input_tokens: Math.ceil(raw.length / 4) });
  else
    sendJson(response, method === "HEAD" ? 200 : 404, {
      type: "error",
      error: { type: "not_found_error", message: path },
    });
});
