import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { sourceAddress } from "./source-address.ts";

test("the address of a clone or a marketplace, never anybody's token, never a folder of this machine", () => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "agora-source-")));
  onTestFinished(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, "clone", ".git"), { recursive: true });
  const clone = (url: string): string | undefined => {
    writeFileSync(
      join(root, "clone", ".git", "config"),
      `[core]\n\tbare = false\n[remote "other"]\n\turl = https://x.org/no\n[remote "origin"]\n\tfetch = +refs\n\turl = ${url}\n[branch "main"]\n`,
    );
    return sourceAddress(join(root, "clone", "packages", "claude-code", "dist", "agora.mjs"), {});
  };
  expect(clone("https://ann:sekret@git.example.org/agora.git")).toBe("https://git.example.org/agora.git");
  expect(clone("git@git.example.org:ann/agora.git")).toBe("git@git.example.org:ann/agora.git");
  expect(clone("/srv/agora.git")).toBeUndefined();
  expect(clone("file:///srv/agora.git")).toBeUndefined();

  const plugins = join(root, ".claude", "plugins");
  mkdirSync(plugins, { recursive: true });
  const known = { mine: { source: { source: "github", repo: "ann/agora" } }, here: { source: { path: "/x" } } };
  writeFileSync(join(plugins, "known_marketplaces.json"), `\uFEFF${JSON.stringify(known)}`);
  const plugin = (market: string): string | undefined =>
    sourceAddress(join(plugins, "cache", market, "agora", "0.1.0", "dist", "agora.mjs"), { HOME: root });
  expect([plugin("mine"), plugin("here"), plugin("none")]).toEqual(["ann/agora", undefined, undefined]);
});
