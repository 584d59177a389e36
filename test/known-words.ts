// What a person or a model can type or call, asked of the programs themselves: the shell completion, the help and the list
// of tools that they give. Documents are checked against it.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { ENTRY } from "./program.ts";

/** Below the home of nobody: nothing is joined, nothing is configured. */
function inNoHome<T>(work: (env: Record<string, string>) => T): T {
  const home = mkdtempSync(join(tmpdir(), "agora-words-"));
  try {
    return work({ PATH: process.env["PATH"] ?? "", HOME: home });
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

function printed(...words: readonly string[]): string {
  return inNoHome((env) => spawnSync(process.execPath, [ENTRY, ...words], { env, encoding: "utf8" }).stdout);
}

/** Each command with what completion offers after it: options, and commands below it. */
const COMMANDS: ReadonlyMap<string, readonly string[]> = new Map(
  [...printed("completion", "bash").matchAll(/^ {4}([a-z-]+)\) words="([^"]*)" ;;$/gm)].map((m) => [
    m[1]!,
    m[2]!.split(" "),
  ]),
);

const helps = new Map<string, string>();
function helpOf(command: string): string {
  const known = helps.get(command) ?? printed(...command.split(" "), "--help");
  helps.set(command, known);
  return known;
}

/** The command that a line begins with, as `resident token`; undefined when there is none of this name. */
export function knownCommand(line: string): string | undefined {
  const [first = "", second = ""] = line.split(/\s+/);
  const after = COMMANDS.get(first);
  if (after === undefined) return undefined;
  return /^[a-z]/.test(second) && after.includes(second) ? `${first} ${second}` : first;
}

/** Whether a command takes an option, as `--json` or `-n`. */
export function knowsOption(command: string, option: string): boolean {
  if (COMMANDS.get(command)?.includes(option) === true) return true;
  return new RegExp(`(^|[\\s,])${option}(?![\\w-])`).test(helpOf(command));
}

/** The names of the tools a model is lent, and `room: accept` for each action of the grouped one. */
export async function knownTools(): Promise<ReadonlySet<string>> {
  const home = mkdtempSync(join(tmpdir(), "agora-words-"));
  const env = { PATH: process.env["PATH"] ?? "", HOME: home };
  const client = new Client({ name: "documents", version: "0" });
  try {
    await client.connect(new StdioClientTransport({ command: process.execPath, args: [ENTRY, "mcp"], env, cwd: home }));
    const { tools } = await client.listTools();
    return new Set(
      tools.flatMap((tool) => {
        const action: { readonly enum?: readonly string[] } | undefined = tool.inputSchema.properties?.["action"];
        return [tool.name, ...(action?.enum ?? []).map((word) => `${tool.name}: ${word}`)];
      }),
    );
  } finally {
    await client.close();
    rmSync(home, { recursive: true, force: true });
  }
}
