import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { shellHint } from "./shell-hint.ts";

test("the hint is given where no folder of the PATH has agora but the plugin's own", () => {
  const root = mkdtempSync(join(tmpdir(), "agora-hint-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const folder of ["plugin/bin", "local/bin", "empty"]) mkdirSync(join(root, folder), { recursive: true });
  for (const folder of ["plugin/bin", "local/bin"]) writeFileSync(join(root, folder, "agora"), "");
  const env = (...folders: string[]) => ({
    CLAUDE_PLUGIN_ROOT: join(root, "plugin"),
    PATH: folders.map((folder) => join(root, folder)).join(delimiter),
  });
  for (const without of [env("plugin/bin", "empty"), env("gone"), { PATH: "" }, {}])
    expect(shellHint(without, "linux")).toContain("! agora install shell");
  expect(shellHint(env("plugin/bin", "local/bin"), "linux")).toBe("");
  expect(shellHint(env("local/bin"), "win32")).not.toBe("");
});
