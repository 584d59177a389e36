// Reads what the stand-in model was asked, in words a test can assert on.
// The clients put hook context now into user messages, now into system messages: always look over all roles.
import { readLogged } from "./service-log.ts";
import type { Question } from "./model-script.ts";

interface Block {
  readonly type: string;
  readonly text?: string;
  readonly name?: string;
  readonly input?: unknown;
  readonly content?: string | readonly Block[];
}

interface RawMessage {
  readonly role: string;
  readonly content: string | readonly Block[];
}

export interface RequestBody {
  readonly model?: string;
  readonly stream?: boolean;
  readonly system?: string | readonly Block[];
  readonly messages?: readonly RawMessage[];
  readonly tools?: readonly { readonly name: string }[];
}

export interface Shown {
  readonly role: string;
  /** Texts, tool results and, as JSON, tool calls. */
  readonly text: string;
}

export interface ModelRequest {
  readonly number: number;
  /** Unix milliseconds of its arrival. */
  readonly at: number;
  /** The position of the script's rule that answered, or -1. */
  readonly rule: number;
  readonly tools: readonly string[];
  readonly messages: readonly Shown[];
  /** All text of all messages. */
  readonly text: string;
  /** Only what came after the model's last answer: what this request showed for the first time. */
  readonly fresh: string;
}

function blocks(content: string | readonly Block[]): readonly Block[] {
  return typeof content === "string" ? [{ type: "text", text: content }] : content;
}

function blockText(block: Block): string {
  if (block.type === "text") return block.text ?? "";
  if (block.type === "tool_result")
    return blocks(block.content ?? "")
      .map(blockText)
      .join("\n");
  if (block.type === "tool_use") return JSON.stringify({ name: block.name, input: block.input });
  return "";
}

/** The messages of a request body as role and text. */
export function shownMessages(body: RequestBody): Shown[] {
  return (body.messages ?? []).map(({ role, content }) => ({ role, text: blocks(content).map(blockText).join("\n") }));
}

/** What was shown after the model's last answer. */
export function freshText(messages: readonly Shown[]): string {
  const answered = messages.findLastIndex(({ role }) => role === "assistant");
  return messages
    .slice(answered + 1)
    .map(({ text }) => text)
    .join("\n");
}

/** What a rule may look at in a request. */
export function questionOf(body: RequestBody): Question {
  const messages = body.messages ?? [];
  const answered = messages.findLastIndex(({ role }) => role === "assistant");
  const parts = messages
    .slice(answered + 1)
    .filter(({ role }) => role === "user")
    .flatMap(({ content }) => [...blocks(content)]);
  const texts = parts.filter(({ type }) => type === "text").map(blockText);
  return {
    user: texts.join("\n"),
    typed: texts.at(-1) ?? "",
    toolResults: parts.filter(({ type }) => type === "tool_result").map(blockText),
    fresh: freshText(shownMessages(body)),
  };
}

/** Whether a request belongs to a conversation; the clients also ask for titles and token counts, without tools. */
export function isConversation(body: RequestBody): boolean {
  return (body.tools ?? []).length > 0;
}

/** All conversation requests so far, oldest first. */
export async function readRequests(path: string): Promise<ModelRequest[]> {
  const logged = await readLogged<RequestBody>(path);
  return logged
    .filter(({ body }) => isConversation(body))
    .map(({ number, at, rule, body }) => {
      const messages = shownMessages(body);
      const all = messages.map((message) => message.text).join("\n");
      const tools = (body.tools ?? []).map(({ name }) => name);
      return { number, at, rule, tools, messages, text: all, fresh: freshText(messages) };
    });
}
