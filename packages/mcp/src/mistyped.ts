// `agora hook mistyped`: a prompt that begins as one of our commands and is none. Claude Code expands no such prompt, so the gate of our
// commands does not see it, and with a dead server it would be a text for the model. The plugin's hook asks us for such
// prompts alone: a prompt costs no start of Node.
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { noSuchCommand } from "@agora/commands";
import { claudeHooks, claudeMistyped } from "./claude-hooks.ts";

const MARKDOWN = /\.md$/;

/** What the client is to be told; "" lets the prompt through. `bundle`: the executable in the plugin's `dist`. */
export function answerMistyped(input: string, bundle: string): string {
  try {
    const { prefix } = claudeHooks;
    const call: unknown = JSON.parse(input);
    const prompt: unknown = typeof call === "object" && call !== null ? Reflect.get(call, "prompt") : undefined;
    if (typeof prompt !== "string" || !prompt.startsWith(prefix)) return "";
    const [typed = ""] = prompt.slice(prefix.length).split(/\s/, 1);
    const files = readdirSync(join(dirname(dirname(bundle)), "commands"));
    const names = files.filter((file) => MARKDOWN.test(file)).map((file) => file.replace(MARKDOWN, ""));
    return names.includes(typed) ? "" : claudeMistyped(`Not sent, because: ${noSuchCommand(typed, names, prefix)}`);
  } catch {
    return ""; // a plugin that is being replaced just now
  }
}
