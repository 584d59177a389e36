// Where others can get Agora: the address this copy came from, if others can reach it.
import { existsSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { userFolder } from "@agora/user-config";
import { readText } from "@agora/ports/read-text";

/** A git address without passwords; undefined for a folder on this machine. */
export function sourceAddress(entry: string, env: Readonly<Record<string, string | undefined>>): string | undefined {
  const found = ofMarketplace(entry, env) ?? ofClone(entry);
  if (found === undefined) return undefined;
  if (/^[\w.-]+\/[\w.-]+$/.test(found) || /^[\w.-]+@[\w.-]+:[\w./-]+$/.test(found)) return found;
  if (!URL.canParse(found)) return undefined;
  const url = new URL(found);
  if (!["https:", "http:", "ssh:", "git:"].includes(url.protocol)) return undefined;
  url.password = "";
  if (url.protocol !== "ssh:") url.username = ""; // it may contain a token
  return url.href;
}

/** The source of `…/plugins/cache/MARKETPLACE/…`, as recorded by Claude Code. */
function ofMarketplace(entry: string, env: Readonly<Record<string, string | undefined>>): string | undefined {
  const words = entry.split(sep);
  const at = words.lastIndexOf("cache");
  if (at < 1 || words[at - 1] !== "plugins") return undefined;
  const folder = env["CLAUDE_CONFIG_DIR"] || join(userFolder(env), ".claude");
  try {
    const known: unknown = JSON.parse(readText(join(folder, "plugins", "known_marketplaces.json")));
    const { source } =
      (known as Record<string, { source?: { url?: unknown; repo?: unknown } }>)[words[at + 1] ?? ""] ?? {};
    return [source?.url, source?.repo].find((one) => typeof one === "string");
  } catch {
    return undefined;
  }
}

function ofClone(entry: string): string | undefined {
  for (let dir = dirname(entry); dirname(dir) !== dir; dir = dirname(dir)) {
    const config = join(dir, ".git", "config");
    if (!existsSync(config)) continue;
    try {
      return /^\[remote "origin"\]\s*(?:^(?!\[).*\n)*?\s*url = (\S+)$/m.exec(readText(config))?.[1];
    } catch {
      return undefined;
    }
  }
  return undefined;
}
