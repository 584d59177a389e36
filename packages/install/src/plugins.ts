// Where our plugin is installed. Only the client can remove it: its own files record copies, hooks and trust.
import { join } from "node:path";
import { splitMark } from "@agora/ports/read-text";
import type { World } from "./client.ts";
import { codexHome } from "./codex.ts";
import { readToml } from "./toml-tables.ts";

/** A client that has the plugin, and the client's command to remove it. */
export interface InstalledPlugin {
  readonly title: string;
  readonly command: readonly string[];
}

const NAME = /^agora@[\w.-]+$/;

/** Every client that has it, once for each marketplace it came from. */
export function installedPlugins(world: World): readonly InstalledPlugin[] {
  const claude = claudePlugins(world).map((id) => ({
    title: "Claude Code",
    command: ["claude", "plugin", "uninstall", id],
  }));
  const codex = codexPlugins(world).map((id) => ({ title: "Codex", command: ["codex", "plugin", "remove", id] }));
  return [...claude, ...codex];
}

function textOf(world: World, path: string): string | undefined {
  const text = world.read(path);
  return text === undefined ? undefined : splitMark(text)[1];
}

function claudePlugins(world: World): readonly string[] {
  const folder = world.env["CLAUDE_CONFIG_DIR"] || join(world.homedir, ".claude");
  try {
    const file: unknown = JSON.parse(textOf(world, join(folder, "plugins", "installed_plugins.json")) ?? "{}");
    const plugins: unknown = typeof file === "object" && file !== null ? Reflect.get(file, "plugins") : undefined;
    return typeof plugins === "object" && plugins !== null ? Object.keys(plugins).filter((id) => NAME.test(id)) : [];
  } catch {
    return [];
  }
}

function codexPlugins(world: World): readonly string[] {
  const file = readToml(textOf(world, join(codexHome(world), "config.toml")) ?? "");
  const plugins: unknown = file.ok ? file.value.value["plugins"] : undefined;
  return typeof plugins === "object" && plugins !== null ? Object.keys(plugins).filter((id) => NAME.test(id)) : [];
}
