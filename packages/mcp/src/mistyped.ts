// `agora hook mistyped`: a prompt that looks like one of our commands but isn't. Claude Code doesn't expand such a prompt,
// so the hook for our commands doesn't see it, and if the server is down it would reach the model as text. The plugin's hook
// calls us for such prompts only: other prompts don't start Node.
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { noSuchCommand } from "@agora/commands";
import { claudeHooks, claudeMistyped } from "./claude-hooks.ts";

const MARKDOWN = /\.md$/;

/** What to answer the client; "" lets the prompt through. `bundle`: the executable in the plugin's `dist`. */
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
    return ""; // a plugin that is just being replaced
  }
}
