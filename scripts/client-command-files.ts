// What Claude Code and Codex are given for each command that a person may type there: a slash command, a skill. They are the
// menu, the help, and the words a model reads when the room's hook did not run.
import {
  type ClientMenu,
  type CommandWords,
  SESSION_WORDS,
  usageOfWords,
  VOCABULARY,
} from "../packages/commands/src/index.ts";

/** Why a client's menu lacks a command; undefined when it has it. */
export function whyLacking({ clients }: CommandWords, client: ClientMenu): string | undefined {
  return typeof clients?.except === "string" ? clients.except : clients?.except[client];
}

export const CLAUDE_FOLDER = "packages/claude-code/commands";
export const CODEX_FOLDER = "packages/codex/skills";

/** The words of every command that may be typed in a session. */
export const TYPED: Readonly<Record<string, CommandWords>> = { ...VOCABULARY, ...SESSION_WORDS };

/** Every file of both clients: its path from the repository's root, and its text. */
export function clientCommandFiles(): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const [name, words] of Object.entries(TYPED)) {
    if (whyLacking(words, "claude") === undefined) files.set(`${CLAUDE_FOLDER}/${name}.md`, slashCommand(name, words));
    if (whyLacking(words, "codex") !== undefined) continue;
    files.set(`${CODEX_FOLDER}/${name}/SKILL.md`, skill(name, words));
    files.set(`${CODEX_FOLDER}/${name}/agents/openai.yaml`, skillInterface(name, words));
  }
  return files;
}

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
const argumentsOf = (name: string, words: CommandWords): string => usageOfWords(name, words).slice(name.length).trim();

function slashCommand(name: string, words: CommandWords): string {
  const given = argumentsOf(name, words);
  const hint = given === "" ? "" : `argument-hint: ${JSON.stringify(given)}\n`;
  const head = `---\ndescription: ${JSON.stringify(capital(words.summary))}\n${hint}disable-model-invocation: true\n---\n\n`;
  const server = "`/mcp` shows whether the server `plugin:agora:room` is running";
  if (name === "accept") return `${head}${accepting("block", server)}`;
  return `${head}The room's hook did not run, so nothing was sent and nothing was changed.
Tell the user so in one sentence, and that ${server}. Don't do it in another way: no tool, no shell.
`;
}

function skill(name: string, words: CommandWords): string {
  const head = `---\nname: ${name}\ndescription: ${JSON.stringify(`${capital(words.summary)}. Only for the user to choose.`)}\n---\n\n`;
  const hooks = "`/hooks` shows whether Agora's hooks are trusted and `/mcp` whether its server runs";
  if (name === "accept") return `${head}${accepting("message", hooks)}`;
  return `${head}The room's hook did not run, so nothing was sent and nothing was changed.
Tell the user so in one sentence, and that ${hooks}; once they are, typing \`agora:${usageOfWords(name, words)}\` does it without asking you. Don't do it in another way: no tool, no shell.
`;
}

/** The one command that goes on to the model, with the thread beside it. */
function accepting(part: string, how: string): string {
  return `The room's hook did not run, and nothing was accepted, unless a ${part} of this turn begins with "Accepted from the room".
Without such a ${part}: tell the user so in one sentence, and that ${how}; do nothing else.
With it: the user has accepted that thread and wants it carried out. When it is done, or can't be done, answer with the room's \`say\` tool in the same thread.
`;
}

function skillInterface(name: string, words: CommandWords): string {
  return `interface:
  display_name: "agora:${name}"
  short_description: ${JSON.stringify(capital(words.summary))}
policy:
  allow_implicit_invocation: false
`;
}
