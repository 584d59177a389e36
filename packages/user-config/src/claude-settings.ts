// The Claude Code settings that decide whether our plugin can work, layer by layer as the client reads them: what the
// machine's owner set overrides the project's, and that overrides the person's. Read-only; a missing or unreadable file says
// nothing.
import { join } from "node:path";
import { readText } from "@agora/ports/read-text";
import type { Env } from "./env.ts";
import { userFolder } from "./user-folder.ts";

/** One settings file. */
export interface ClaudeLayer {
  readonly path: string;
  readonly managed: boolean;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** A switch that keeps our plugin from working: the key, and the file that sets it. */
export interface ClaudeSwitch {
  readonly key: string;
  readonly path: string;
}

const MANAGED: Partial<Readonly<Record<NodeJS.Platform, string>>> = {
  linux: "/etc/claude-code/managed-settings.json",
  darwin: "/Library/Application Support/ClaudeCode/managed-settings.json",
  win32: "C:\\Program Files\\ClaudeCode\\managed-settings.json",
};

/** The person's own settings. */
export function claudeSettingsPath(env: Env): string {
  return join(env["CLAUDE_CONFIG_DIR"] || join(userFolder(env), ".claude"), "settings.json");
}

/** The layers that exist, strongest first. `managed`: where the machine's owner puts theirs. */
export function readClaudeLayers(env: Env, project: string, managed = MANAGED[process.platform]): ClaudeLayer[] {
  const paths = [
    ...(managed === undefined ? [] : [managed]),
    join(project, ".claude", "settings.local.json"),
    join(project, ".claude", "settings.json"),
    claudeSettingsPath(env),
  ];
  return paths.flatMap((path): ClaudeLayer[] => {
    const settings = readObject(path);
    return settings === undefined ? [] : [{ path, managed: path === managed, settings }];
  });
}

/** The switches that disable our plugin; `plugin` is its name and a `@`. */
export function claudeSwitches(layers: readonly ClaudeLayer[], plugin = "agora@"): ClaudeSwitch[] {
  const off = layers.find(({ settings }) => typeof settings["disableAllHooks"] === "boolean");
  const alone = layers.find(({ managed, settings }) => managed && settings["allowManagedHooksOnly"] === true);
  const named = layers.flatMap(({ path, settings }) =>
    Object.entries(objectOf(settings["enabledPlugins"]))
      .filter(([name]) => name.startsWith(plugin))
      .map(([name, enabled]) => ({ name, enabled, path })),
  );
  const [first] = named;
  return [
    ...(off?.settings["disableAllHooks"] === true ? [{ key: "disableAllHooks", path: off.path }] : []),
    ...(alone === undefined ? [] : [{ key: "allowManagedHooksOnly", path: alone.path }]),
    ...(first?.enabled === false ? [{ key: `enabledPlugins["${first.name}"]`, path: first.path }] : []),
  ];
}

/** Whether our plugin is installed and enabled. */
export function hasClaudePlugin(layers: readonly ClaudeLayer[], plugin = "agora@"): boolean {
  return layers.some(({ settings }) =>
    Object.entries(objectOf(settings["enabledPlugins"])).some(([name, on]) => name.startsWith(plugin) && on === true),
  );
}

/** The rule that lets Claude use the room's tools without asking each time. */
export const CLAUDE_ALLOW_RULE = "mcp__plugin_agora_room";

/** Whether a layer has the rule. */
export function allowsRoom(layers: readonly ClaudeLayer[]): boolean {
  return layers.some(({ settings }) => {
    const allow = objectOf(settings["permissions"])["allow"];
    return (
      Array.isArray(allow) && allow.some((rule) => rule === CLAUDE_ALLOW_RULE || rule === `${CLAUDE_ALLOW_RULE}__*`)
    );
  });
}

function readObject(path: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(readText(path));
    return typeof value === "object" && value !== null ? objectOf(value) : undefined;
  } catch {
    return undefined;
  }
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
