import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { installationOf } from "./install-way.ts";

function scratch(): string {
  const path = realpathSync(mkdtempSync(join(tmpdir(), "agora-way-")));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

test("each way is told from the path, with what is typed to update it", () => {
  const root = scratch();
  const kept = join(root, "home", "bin", "agora.mjs");
  const at = (...words: string[]) => installationOf(join(root, ...words), kept);
  expect(at("home", "bin", "agora.mjs")).toMatchObject({ way: "copy" });

  const claude = at(".claude", "plugins", "cache", "market", "agora", "0.1.0", "dist", "agora.mjs");
  expect(claude.way).toBe("claude-plugin");
  expect(claude.how.slice(0, 2)).toEqual([
    "claude plugin marketplace update market",
    "claude plugin update agora@market",
  ]);

  const codexCopy = join(root, ".codex", "plugins", "cache", "market", "agora", "0.1.0");
  mkdirSync(join(codexCopy, ".codex-plugin"), { recursive: true });
  expect(installationOf(join(codexCopy, "dist", "agora.mjs"), kept).way).toBe("codex-plugin");

  const npm = join(root, "lib", "node_modules", "@agora", "cli");
  mkdirSync(npm, { recursive: true });
  writeFileSync(join(npm, "package.json"), '{"name":"@agora/cli"}');
  expect(installationOf(join(npm, "dist", "agora.mjs"), kept)).toEqual({
    way: "npm",
    how: ["npm install -g FILE, the newer agora-cli-VERSION.tgz"],
  });

  mkdirSync(join(root, "my clone", ".git"), { recursive: true });
  expect(at("my clone", "packages", "claude-code", "dist", "agora.mjs")).toEqual({
    way: "clone",
    how: [`git -C '${join(root, "my clone")}' pull`],
  });
  expect(at("elsewhere", "agora.mjs")).toEqual({ way: "unknown", how: [] });
  // Nothing of a path gets into a line that a person copies.
  expect(at("plugins", "cache", "a;b", "agora", "1", "agora.mjs").way).toBe("unknown");
});
