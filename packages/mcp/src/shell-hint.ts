// Whether a person's terminal knows `agora`. Who came by the plugin alone has no such command until they ask for one; their Claude
// should know what to tell them instead of trying it in vain.
import { existsSync } from "node:fs";
import { delimiter, join, relative } from "node:path";
import type { Env } from "@agora/home";

const HINT = `The user's terminal has no agora command yet; they get one by typing "! agora install shell" here.`;

/** The line for the primer; "" where the PATH has `agora`. What lies in the plugin itself is on the PATH of Claude's shells alone. */
export function shellHint(env: Env, platform: NodeJS.Platform = process.platform): string {
  const name = platform === "win32" ? "agora.cmd" : "agora";
  const plugin = env["CLAUDE_PLUGIN_ROOT"] ?? "";
  const isPlugins = (folder: string): boolean => plugin !== "" && !relative(plugin, folder).startsWith("..");
  const folders = (env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "" && !isPlugins(folder));
  return folders.some((folder) => existsSync(join(folder, name))) ? "" : HINT;
}
