// How this program was installed, judging by its path; and what a person types to update it.
import { existsSync } from "node:fs";
import { basename, dirname, join, sep } from "node:path";

export type InstallWay = "claude-plugin" | "codex-plugin" | "npm" | "clone" | "copy" | "unknown";

export interface Installation {
  readonly way: InstallWay;
  /** How to get a newer version, line by line. */
  readonly how: readonly string[];
}

const SESSIONS = "then start new sessions: those that run keep what they have";

/** Examines the path of the executable; `kept` is the copy that other clients' configurations point to. */
export function installationOf(entry: string | undefined, kept: string): Installation {
  if (entry === undefined) return { way: "unknown", how: [] };
  if (entry === kept) return { way: "copy", how: ["get a newer agora, and with that one: agora install shell"] };
  const plugin = pluginOf(entry);
  if (plugin !== undefined) return plugin;
  // By its file: it isn't published in a registry, and a package with this name there is somebody else's.
  if (isPackage(entry)) return { way: "npm", how: ["npm install -g FILE, the newer agora-cli-VERSION.tgz"] };
  const clone = ancestors(entry).find((dir) => existsSync(join(dir, ".git")));
  if (clone !== undefined) return { way: "clone", how: [`git -C ${quoted(clone)} pull`] };
  return { way: "unknown", how: [] };
}

/** `…/plugins/cache/MARKETPLACE/PLUGIN/VERSION/dist/agora.mjs`, the same in both clients. */
function pluginOf(entry: string): Installation | undefined {
  const words = entry.split(sep);
  const at = words.lastIndexOf("cache");
  if (at < 1 || words[at - 1] !== "plugins" || words.length < at + 4) return undefined;
  const [market = "", plugin = ""] = words.slice(at + 1);
  if (![market, plugin].every((word) => /^[\w.-]+$/.test(word))) return undefined;
  const isCodex = existsSync(join(words.slice(0, at + 4).join(sep), ".codex-plugin"));
  if (isCodex)
    return {
      way: "codex-plugin",
      how: [`codex plugin marketplace upgrade ${market}`, `codex plugin add ${plugin}@${market}`, SESSIONS],
    };
  return {
    way: "claude-plugin",
    how: [`claude plugin marketplace update ${market}`, `claude plugin update ${plugin}@${market}`, SESSIONS],
  };
}

/** Whether it is inside a `node_modules` folder. */
function isPackage(entry: string): boolean {
  return ancestors(entry).some((dir) => basename(dir) === "node_modules");
}

function ancestors(path: string): readonly string[] {
  const dirs: string[] = [];
  for (let dir = dirname(path); dirname(dir) !== dir; dir = dirname(dir)) dirs.push(dir);
  return dirs;
}

function quoted(path: string): string {
  return /^[\w./@+-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
}
