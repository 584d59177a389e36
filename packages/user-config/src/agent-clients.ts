// The agents that run commands for a model, one row each: what shows in their shells' environment, and what their processes
// are called. Editors, terminals and multiplexers aren't agents: a person types in them. Nor is a variable a sign of an
// agent if an editor sets it in every terminal (CURSOR_TRACE_ID, TERM_PROGRAM) or people set it themselves (CODEX_HOME,
// AIDER_MODEL).

/** How to recognize one agent. */
export interface AgentClient {
  readonly name: string;
  /** Variables in its shells; any non-empty value counts. A pattern covers a whole family. */
  readonly env?: readonly (string | RegExp)[];
  /** Names of its program, without an extension. */
  readonly programs: readonly string[];
  /** Part of the path of its program or script, where that says more than the name. */
  readonly paths?: readonly string[];
}

export const AGENT_CLIENTS: readonly AgentClient[] = [
  {
    name: "Claude Code",
    env: ["CLAUDECODE", "CLAUDE_CODE_ENTRYPOINT"],
    programs: ["claude"],
    paths: ["/@anthropic-ai/claude-code", "/claude/versions/"],
  },
  {
    // Its shells have many CODEX_ variables; people set a few themselves.
    name: "Codex",
    env: [/^CODEX_(?!(HOME|API_KEY|ACCESS_TOKEN)$)/i],
    programs: ["codex"],
    paths: ["/@openai/codex/"],
  },
  { name: "Gemini CLI", env: ["GEMINI_CLI"], programs: ["gemini"], paths: ["/@google/gemini-cli/"] },
  { name: "Qwen Code", env: ["QWEN_CODE"], programs: ["qwen"], paths: ["/@qwen-code/qwen-code/"] },
  { name: "Cursor agent", env: ["CURSOR_AGENT"], programs: ["cursor-agent"], paths: ["/cursor-agent/"] },
  { name: "OpenCode", env: ["OPENCODE"], programs: ["opencode"], paths: ["/opencode-ai/"] },
  { name: "Cline", env: ["CLINE_ACTIVE"], programs: ["cline"], paths: ["/cline/dist/"] },
  { name: "Amp", env: ["AMP_CURRENT_THREAD_ID"], programs: ["amp"], paths: ["/@sourcegraph/amp/"] },
  {
    name: "Copilot CLI",
    env: ["COPILOT_CLI", "COPILOT_AGENT_SESSION_ID"],
    programs: ["copilot"],
    paths: ["/@github/copilot/"],
  },
  { name: "goose", env: ["GOOSE_TERMINAL"], programs: ["goose", "goosed"] },
  { name: "aider", programs: ["aider"], paths: ["/aider/__main__"] },
  { name: "Crush", env: ["CRUSH"], programs: ["crush"], paths: ["/@charmland/crush/"] },
  { name: "Kiro CLI", env: ["KIRO_AGENT"], programs: ["kiro-cli", "kiro-cli-chat", "qchat"] },
  { name: "Droid", env: ["FACTORY_DROID"], programs: ["droid"] },
  { name: "Auggie", env: ["AUGMENT_AGENT"], programs: ["auggie"], paths: ["/@augmentcode/auggie/"] },
  { name: "Antigravity", env: ["ANTIGRAVITY_AGENT"], programs: [] },
  { name: "Trae", env: ["TRAE_AI_SHELL_ID"], programs: ["trae-cli"] },
  { name: "Kilo Code", programs: ["kilo", "kilocode"], paths: ["/@kilocode/cli/"] },
  { name: "Kimi CLI", programs: ["kimi"] },
  { name: "iFlow", programs: ["iflow"], paths: ["/@iflow-ai/iflow-cli/"] },
  { name: "Mistral Vibe", programs: ["vibe"] },
  { name: "OpenHands", programs: ["openhands"] },
  { name: "Junie", programs: ["junie"] },
];

/**
 * Variables in which several agents name themselves: `AI_AGENT` with any value, `AGENT` with a name from the table or a
 * plain yes.
 */
const NAMED_BY_AGENT =
  /^(1|true|amp|claude.*|cline|codex|copilot.*|crush|cursor.*|droid|gemini.*|goose|opencode|qwen.*)$/i;

/** The agent whose shell has this environment. */
export function agentOfEnv(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const set = Object.keys(env).filter((name) => (env[name] ?? "") !== "");
  const found = AGENT_CLIENTS.find((client) =>
    client.env?.some((mark) => (typeof mark === "string" ? set.includes(mark) : set.some((name) => mark.test(name)))),
  );
  if (found !== undefined) return found.name;
  if ((env["AI_AGENT"] ?? "") !== "") return "an agent";
  return NAMED_BY_AGENT.test(env["AGENT"] ?? "") ? "an agent" : undefined;
}

/** A process as the system reports it; unknown fields are empty. */
export interface ShownProcess {
  /** Its short name. */
  readonly name: string;
  readonly argv: readonly string[];
  /** Its executable. */
  readonly file: string;
}

const INTERPRETER = /^(node|nodejs|bun|deno|python[\d.]*|ruby|sh|bash|dash|zsh|fish|env|uv|npx|pnpm|npm)$/;
/** What follows is program text, not a script. */
const INLINE = /^(-c|-e|-p|-pe|--eval|--print|-l?i?c)$/;

/** The agent that a process is. */
export function agentOfProcess({ name, argv, file }: ShownProcess): string | undefined {
  const script = scriptOf(argv);
  const names = new Set([name, argv[0] ?? "", file, script].map(programName));
  const paths = [argv[0] ?? "", file, script].map((path) => path.replaceAll("\\", "/"));
  return AGENT_CLIENTS.find(
    (client) =>
      client.programs.some((program) => names.has(program)) ||
      client.paths?.some((part) => paths.some((path) => path.includes(part))),
  )?.name;
}

/** The script an interpreter was given; "" for any other program. */
function scriptOf(argv: readonly string[]): string {
  const [first = "", ...rest] = argv;
  if (!INTERPRETER.test(programName(first))) return "";
  for (const [at, word] of rest.entries()) {
    if (INLINE.test(word)) return "";
    if (word === "-m") return rest[at + 1] ?? "";
    if (!word.startsWith("-")) return word;
  }
  return "";
}

/** The last part of a path without a program extension; a login shell's leading dash is dropped. */
function programName(path: string): string {
  const base = path.split(/[/\\]/).at(-1) ?? "";
  return base.replace(/^-/, "").replace(/\.(exe|cmd|js|mjs|cjs|py)$/i, "");
}
