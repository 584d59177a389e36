// The reference in docs/reference: written from the rows that the program itself reads, so that it can't be wrong.
import { join } from "node:path";
import {
  COMMON_OPTIONS,
  type CommandWords,
  HELP_GROUPS,
  type OptionWord,
  SESSION_WORDS,
  TERMINAL_COMMANDS,
  usageOfWords,
  VOCABULARY,
} from "../packages/commands/src/index.ts";
import { EXIT_CODES } from "../packages/cli/src/exit-codes.ts";
import { SETTING_ROWS, type SettingName } from "../packages/user-config/src/index.ts";
import type { AnyRequest } from "../packages/ipc/src/define-request.ts";
import { REQUESTS, rowOf } from "../packages/ipc/src/requests/index.ts";
import { TOOLS } from "../packages/mcp/src/tools.ts";
import { RESIDENT_OPTIONS } from "../packages/resident/src/index.ts";
import { RELAY_OPTIONS } from "../relay-server/src/options.ts";
import { whyLacking } from "./client-command-files.ts";
import { typesIn, resultTypes } from "./result-types.ts";

export const REFERENCE_FOLDER = "docs/reference";
const ROOT = join(import.meta.dirname, "..");
const WRITTEN = "Written by `node scripts/reference.ts`; don't edit.";

/** Every page: its path from the repository's root, and its text. */
export function referenceFiles(): ReadonlyMap<string, string> {
  const pages = { commands, tools, settings, requests, "exit-codes": exitCodes, json };
  return new Map(Object.entries(pages).map(([name, page]) => [`${REFERENCE_FOLDER}/${name}.md`, page()]));
}

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");
const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
const code = (text: string): string => `\`${text}\``;

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(" | ")} |`;
  return [line(heads), line(heads.map(() => "---")), ...rows.map(line)].join("\n");
}

function page(title: string, about: string, parts: readonly string[]): string {
  return `${[`# ${title}`, WRITTEN, about, ...parts].join("\n\n")}\n`;
}

function optionTable(options: readonly OptionWord[]): string[] {
  if (options.length === 0) return [];
  const rows = options.map(({ name, short, value, summary }) => [
    code(`${short === undefined ? "" : `-${short}, `}--${name}${value === undefined ? "" : ` ${value}`}`),
    summary,
  ]);
  return [table(["option", ""], rows)];
}

function commands(): string {
  const all: Readonly<Record<string, CommandWords>> = { ...VOCABULARY, ...TERMINAL_COMMANDS };
  const session = new Set<string>(Object.keys(SESSION_WORDS));
  const describe = (name: string, words: CommandWords): string =>
    [
      `### ${name}`,
      `${capital(words.summary)}.`,
      `    agora ${usageOfWords(name, words)}`,
      ...optionTable([...words.options, ...settingOptions(name)]),
      ...(words.more === undefined ? [] : [words.more]),
      [`Example: ${code(words.example)}.`, ...whoMay(name), menus(name, words, session)].join(" "),
    ].join("\n\n");
  const parts = HELP_GROUPS.flatMap((group) => [
    `## ${group}`,
    ...Object.entries(all)
      .filter(([, words]) => words.group === group)
      .map(([name, words]) => describe(name, words)),
  ]);
  const common = optionTable(COMMON_OPTIONS);
  const about =
    "Every command of `agora`. Most can be typed in a terminal (`agora say …`), in Claude Code (`/agora:say …`) and in Codex (`agora:say …`). " +
    "Options stand before the text or behind it; `--` ends them. These belong to every command:";
  return page("Commands", about, [...common, ...parts]);
}

/** Relay and resident have a settings table of their own. */
function settingOptions(name: string): readonly OptionWord[] {
  const rows: readonly {
    readonly flag: string;
    readonly env?: string;
    readonly value?: string;
    readonly text: string;
  }[] = name === "relay" ? RELAY_OPTIONS : name === "resident" ? RESIDENT_OPTIONS : [];
  return rows.map(({ flag, env, value, text }) => ({
    name: flag,
    ...(value === undefined ? {} : { value }),
    summary: env === undefined ? text : `${text} [${env}]`,
  }));
}

function whoMay(name: string): readonly string[] {
  const who = Object.hasOwn(VOCABULARY, name) ? VOCABULARY[name as keyof typeof VOCABULARY].who : undefined;
  if (who === "person") return ["Only a person may give it."];
  return typeof who === "function" ? ["What loosens a brake, only a person may give."] : [];
}

function menus(name: string, words: CommandWords, session: ReadonlySet<string>): string {
  if (!Object.hasOwn(VOCABULARY, name) && !session.has(name)) return "In a terminal only.";
  const lacking = (["claude", "codex"] as const).flatMap((client) => {
    const reason = whyLacking(words, client);
    return reason === undefined ? [] : [[client === "claude" ? "Claude Code" : "Codex", reason] as const];
  });
  if (lacking.length === 0) return "In the menus of Claude Code and Codex.";
  const reasons = new Set(lacking.map(([, reason]) => reason));
  return `Not in the menu of ${lacking.map(([client]) => client).join(" and ")}: ${[...reasons].join("; ")}.`;
}

function tools(): string {
  const parts = TOOLS.map(({ name, description = "", inputSchema, annotations }) => {
    const required = new Set(inputSchema.required ?? []);
    const rows = Object.entries(inputSchema.properties ?? {}).map(([key, schema]) => {
      const {
        type = "",
        description: about = "",
        enum: words,
      } = schema as {
        type?: string;
        description?: string;
        enum?: readonly string[];
      };
      return [
        code(key) + (required.has(key) ? "" : " (optional)"),
        words === undefined ? type : words.map(code).join(", "),
        about,
      ];
    });
    return [
      `## ${name}`,
      description,
      annotations?.readOnlyHint === true ? "It only reads." : "It changes something.",
      ...(rows.length === 0 ? [] : [table(["argument", "type", ""], rows)]),
    ].join("\n\n");
  });
  return page(
    "MCP tools",
    "What a model is lent over MCP: `agora mcp`, and in the plugins of Claude Code and Codex.",
    parts,
  );
}

function settings(): string {
  const rows = (Object.keys(SETTING_ROWS) as SettingName[]).map((name) => {
    const { type, otherwise, env, brake, about, onlyEnv } = SETTING_ROWS[name];
    return [
      onlyEnv === true ? "" : code(name),
      env === undefined ? "" : code(env),
      type,
      String(otherwise),
      brake === true ? "only you; a project's file and a session's environment may tighten it" : "you",
      about,
    ];
  });
  const own = table(["settings.json", "environment", "type", "without it", "who may set it", ""], rows);
  const ofProgram = (
    title: string,
    options: readonly { flag: string; env?: string; value?: string; text: string }[],
  ): string =>
    `## ${title}\n\n${table(
      ["flag", "environment", ""],
      options.map(({ flag, env, value, text }) => [
        code(`--${flag}${value === undefined ? "" : ` ${value}`}`),
        env === undefined ? "" : code(env),
        text,
      ]),
    )}`;
  return page(
    "Settings",
    "A person's own settings: `settings.json` in the Agora folder (`~/.config/agora`, or `AGORA_HOME`), JSON with comments. What " +
      "is typed stands above the environment, that above the file. A project's own `.agora/settings.json` can only tighten a brake.",
    [own, ofProgram("The relay", RELAY_OPTIONS), ofProgram("The resident", RESIDENT_OPTIONS)],
  );
}

function requests(): string {
  const rows = Object.keys(REQUESTS).map((name) => {
    const row = rowOf(name)!;
    return [code(name), argumentsOf(row), whoAsks(row), traitsOf(row)];
  });
  return page(
    "Requests",
    "What a surface (command, tool, hook, console, gateway) asks of a project's daemon over its local socket. `via` says by which way " +
      "the asker came. The results are in [json.md](json.md).",
    [table(["request", "arguments", "who", "traits"], rows)],
  );
}

function argumentsOf({ args }: AnyRequest): string {
  return Object.entries(args.shape)
    .map(([key, schema]) => code(schema._zod.def.type === "optional" ? `${key}?` : key))
    .join(" ");
}

function whoAsks({ who }: AnyRequest): string {
  return typeof who === "function" ? "by its arguments" : who;
}

function traitsOf(row: AnyRequest): string {
  return [
    ...(row.speaks === true ? ["speaks: not for an observer, nor while the room is stopped"] : []),
    ...(row.speaks === "sometimes" ? ["may speak: then not for an observer"] : []),
    ...(row.console === true ? ["console"] : []),
    ...(row.gateway === true ? ["gateway"] : []),
    ...(row.waits === true ? ["waits"] : []),
    ...(row.tells === true ? ["done although its asker has gone"] : []),
    ...("once" in row.args.shape ? ["done once per `once`"] : []),
  ].join(", ");
}

function exitCodes(): string {
  return page("Exit codes", "Of every command of `agora`.", [
    table(
      ["code", "means"],
      EXIT_CODES.map(({ code: number, means }) => [String(number), means]),
    ),
  ]);
}

function json(): string {
  const results = resultTypes(ROOT);
  const rows = Object.entries(results).map(([name, type]) => [code(`agora ${name} --json`), code(type)]);
  const blocks = typesIn(ROOT).map((text) => `\`\`\`ts\n${text}\n\`\`\``);
  return page(
    "--json",
    "What each command prints with `--json`, as the types of the program say it. A failure is " +
      '`{"error": {"code": …, "message": …}}` and a sentence on standard error. Times are unix milliseconds. Types that aren\'t here (addresses, roles, limits) are the protocol\'s.',
    [table(["command", "prints"], rows), "## Types", ...blocks],
  );
}
