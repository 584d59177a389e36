// Doctor checks for Codex: whether we are installed there, and whether the person trusts our hooks, which only Codex itself
// knows.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Home, readHookProofs, userFolder } from "@agora/user-config";
import { readText } from "@agora/ports/read-text";
import {
  clientVersion,
  codexHome,
  type CodexHooks,
  type CodexRun,
  findClient,
  hasCodexPlugin,
  readCodexHooks,
  trustCodexHooks,
} from "@agora/install";
import type { Result } from "@agora/protocol";
import { askYes } from "./ask.ts";
import { broken, doubtful, type Finding, good } from "./doctor-finding.ts";
import { checkReach, checkVersion, type HookFacts } from "./doctor-hooks.ts";

const NAME = "agora";

/** Nothing where Codex was never used. `trust`: the person wants to trust our hooks, and is asked once more. */
export async function checkCodex(
  home: Home,
  env: Readonly<Record<string, string | undefined>>,
  project: string,
  trust: boolean,
): Promise<Finding[]> {
  const folder = codexHome({ env, homedir: userFolder(env) });
  if (!existsSync(folder)) return [];
  const config = readConfig(folder);
  const plugin = hasCodexPlugin(config);
  const entry = findClient("codex")?.has(config, NAME) === true;
  if (!plugin && !entry)
    return [doubtful("codex", "not installed in Codex", "agora install codex --dry-run shows what it would add")];
  const how = good("codex", plugin ? "installed as a plugin" : "installed in config.toml");
  const twice = plugin && entry;
  const findings = twice
    ? [broken("codex", "installed twice: everything comes twice", "agora install codex --uninstall")]
    : [how];
  const run: CodexRun = { file: "codex", env, cwd: project };
  const asked = await readCodexHooks(run, NAME);
  const hooks = asked.ok && asked.value.skipped.length > 0 && trust ? await trusted(run, env) : asked;
  const version = await clientVersion(run.file, env);
  const facts: HookFacts = { client: "codex", version, proofs: readHookProofs(home), now: Date.now() };
  return [...findings, ...checkVersion(facts), hookFinding(hooks, facts)];
}

async function trusted(run: CodexRun, env: CodexRun["env"]): Promise<Result<CodexHooks>> {
  const yes = await askYes(env, "Let Codex run Agora's hooks (they call Agora's own server, no shell)?");
  return yes === true ? await trustCodexHooks(run, NAME) : await readCodexHooks(run, NAME);
}

function hookFinding(hooks: Result<CodexHooks>, facts: HookFacts): Finding {
  if (!hooks.ok) return checkReach(facts, `Codex was not asked about its hooks: ${hooks.message.replace(/\.$/, "")}`);
  const { trusted: run, skipped } = hooks.value;
  if (skipped.length === 0) return checkReach(facts, `all ${run.length} are trusted in Codex`);
  return broken(
    "hooks",
    `Codex skips ${skipped.length} of our ${run.length + skipped.length} hooks without a word, as you have not trusted them: ${skipped.join(", ")}`,
    "type /hooks in Codex, or run agora doctor --trust-hooks in a terminal",
  );
}

function readConfig(folder: string): string {
  try {
    return readText(join(folder, "config.toml"));
  } catch {
    return "";
  }
}
