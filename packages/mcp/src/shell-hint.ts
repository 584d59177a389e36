// Whether a person's terminal has `agora` on its PATH. People who installed only the plugin don't, until they ask for it;
// their Claude should know what to tell them instead of trying in vain.
import { existsSync } from "node:fs";
import { delimiter, join, relative } from "node:path";
import type { Env } from "@agora/user-config";

const HINT = `The user's terminal has no agora command yet; they get one by typing "! agora install shell" here.`;

/**
 * The line for the primer; "" where `agora` is on the PATH. The plugin's own copy is on the PATH of Claude's shells only, so
 * it doesn't count.
 */
export function shellHint(env: Env, platform: NodeJS.Platform = process.platform): string {
  const name = platform === "win32" ? "agora.cmd" : "agora";
  const plugin = env["CLAUDE_PLUGIN_ROOT"] ?? "";
  const isPlugins = (folder: string): boolean => plugin !== "" && !relative(plugin, folder).startsWith("..");
  const folders = (env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "" && !isPlugins(folder));
  return folders.some((folder) => existsSync(join(folder, name))) ? "" : HINT;
}
