// Doctor checks for Claude Code: whether it has our plugin, and whether the plugin's hooks reach us.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { claudeSwitches, type Home, readClaudeLayers, readHookProofs, userFolder } from "@agora/user-config";
import { clientVersion } from "@agora/install";
import { readText } from "@agora/ports/read-text";
import { broken, doubtful, type Finding, good } from "./doctor-finding.ts";
import { checkReach, checkVersion, type HookFacts, proofOf } from "./doctor-hooks.ts";

/** The findings about Claude Code on this machine. */
export async function checkClaude(
  home: Home,
  env: Readonly<Record<string, string | undefined>>,
  project: string,
): Promise<readonly Finding[]> {
  const folder = env["CLAUDE_CONFIG_DIR"] || join(userFolder(env), ".claude");
  if (!existsSync(folder))
    return [doubtful("plugin", "Claude Code was not used here", "not needed for the terminal alone")];
  const isInstalled = hasPlugin(folder);
  const facts: HookFacts = {
    client: "claude",
    version: isInstalled ? await clientVersion("claude", env) : undefined,
    proofs: readHookProofs(home),
    now: Date.now(),
  };
  const missing = doubtful(
    "plugin",
    "not installed in Claude Code",
    "see the README: claude plugin install agora@agora",
  );
  // A plugin loaded with --plugin-dir isn't listed, but its sessions were seen.
  if (!isInstalled && proofOf(facts) === undefined) return [missing];
  const switches = checkSwitches(env, project);
  const installed =
    switches.length === 0
      ? good("plugin", "installed in Claude Code")
      : broken("plugin", "installed in Claude Code, whose settings keep it from working", "see the next line");
  return [
    isInstalled ? installed : missing,
    ...switches,
    ...checkVersion(facts),
    checkReach(facts, "the plugin brings them"),
  ];
}

/** Settings of the client that keep the plugin from working. */
function checkSwitches(env: Readonly<Record<string, string | undefined>>, project: string): Finding[] {
  const switches = claudeSwitches(readClaudeLayers(env, project)).map(({ key, path }) => `${key} in ${path}`);
  if (switches.length === 0) return [];
  return [
    broken(
      "claude settings",
      `Claude Code does not run Agora's hooks, by ${switches.join(" and ")}: commands typed there and what is said here do not get through`,
      "take that out, or ask whoever manages the file, and open a new session",
    ),
  ];
}

function hasPlugin(folder: string): boolean {
  try {
    return readText(join(folder, "plugins", "installed_plugins.json")).includes('"agora@');
  } catch {
    return false; // no list of plugins counts as a list without ours
  }
}
