// Reads what the stand-in model was asked by Codex (Responses API), in the same words as for Claude Code.
// Hook context arrives as messages of role `developer`, a Stop hook's reason and a queued message as the user's.
import { readLogged } from "./service-log.ts";
import type { Question } from "./model-script.ts";
import { freshText, type ModelRequest, type Shown } from "./request-log.ts";

interface Part {
  readonly text?: string;
}

interface Item {
  readonly type?: string;
  readonly role?: string;
  readonly name?: string;
  readonly namespace?: string;
  readonly arguments?: string;
  readonly input?: string;
  readonly content?: string | readonly Part[];
  readonly output?: string | readonly Part[];
  readonly tools?: readonly Tool[];
}

interface Tool {
  readonly type: string;
  readonly name?: string;
  readonly tools?: readonly Tool[];
}

export interface CodexRequestBody {
  readonly model?: string;
  readonly input?: readonly Item[];
  readonly tools?: readonly Tool[];
}

const words = (content: string | readonly Part[] | undefined): string =>
  typeof content === "string" ? content : (content ?? []).map(({ text }) => text ?? "").join("\n");

const isOutput = ({ type }: Item): boolean => type?.endsWith("_output") === true;
const isCall = ({ type }: Item): boolean => type?.endsWith("_call") === true;

/** The items of a request body as role and text; a call of the model is the assistant's. */
export function shownItems(body: CodexRequestBody): Shown[] {
  return (body.input ?? []).map((item) => {
    if (isOutput(item)) return { role: "tool", text: words(item.output) };
    if (isCall(item))
      return { role: "assistant", text: JSON.stringify({ name: item.name, input: item.arguments ?? item.input }) };
    return { role: item.role ?? "", text: words(item.content) };
  });
}

/** What a rule may look at in a request. */
export function questionOfCodex(body: CodexRequestBody): Question {
  const shown = shownItems(body);
  const fresh = shown.slice(shown.findLastIndex(({ role }) => role === "assistant") + 1);
  const said = (wanted: string): string[] => fresh.filter(({ role }) => role === wanted).map(({ text }) => text);
  return {
    user: said("user").join("\n"),
    typed: said("user").at(-1) ?? "",
    toolResults: said("tool"),
    fresh: freshText(shown),
  };
}

const sideRequest = /^Generate a concise, single-line task title/;

/** Whether a request belongs to a conversation; the full screen also asks for a title. */
export function isCodexConversation(body: CodexRequestBody): boolean {
  return toolsOf(body).length > 0 && !shownItems(body).some(({ text }) => sideRequest.test(text));
}

/** The newest models get their tools as a part of the conversation. */
function toolsOf(body: CodexRequestBody): Tool[] {
  return [...(body.tools ?? []), ...(body.input ?? []).flatMap(({ tools = [] }) => tools)];
}

/** `mcp__agora.say` for a tool in a namespace, the name alone for another. */
function toolNames(tools: readonly Tool[]): string[] {
  return tools.flatMap(({ name = "", type, tools: inner = [] }) =>
    type === "namespace" ? inner.map((tool) => `${name}.${tool.name ?? ""}`) : [name || type],
  );
}

/** All conversation requests so far, oldest first. */
export async function readCodexRequests(path: string): Promise<ModelRequest[]> {
  const logged = await readLogged<CodexRequestBody>(path);
  return logged
    .filter(({ body }) => isCodexConversation(body))
    .map(({ number, at, rule, body }) => {
      const messages = shownItems(body);
      const all = messages.map((message) => message.text).join("\n");
      return { number, at, rule, tools: toolNames(toolsOf(body)), messages, text: all, fresh: freshText(messages) };
    });
}
