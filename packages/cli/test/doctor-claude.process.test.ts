import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { noteHookSign } from "@agora/user-config";
import { checkClaude } from "../src/doctor-claude.ts";

test("hooks that once came are not taken for fine while a switch of the client is against them", async () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "agora-doctor-")));
  const [home, project] = [{ path: join(folder, ".config/agora") }, join(folder, "project")];
  // No client on the PATH: its version is the one that was seen.
  const env = { HOME: folder, PATH: folder };
  const states = async () => (await checkClaude(home, env, project)).map(({ check, state }) => `${check} ${state}`);
  expect(await states()).toEqual(["plugin warn"]);

  mkdirSync(join(folder, ".claude/plugins"), { recursive: true });
  writeFileSync(join(folder, ".claude/plugins/installed_plugins.json"), '{"plugins":{"agora@agora":[]}}');
  mkdirSync(home.path, { recursive: true, mode: 0o700 });
  await noteHookSign(home, { client: "claude", version: "2.1.332" }, "arrived", Date.now());
  expect(await states()).toEqual(["plugin ok", "claude version ok", "claude hooks ok"]);

  const settings = join(folder, ".claude/settings.json");
  writeFileSync(settings, '{"disableAllHooks":true,"enabledPlugins":{"agora@agora":false}}');
  const found = (await checkClaude(home, env, project)).find(({ check }) => check === "claude settings");
  expect(found?.state).toBe("fail");
  expect(found?.detail).toContain(`by disableAllHooks in ${settings} and enabledPlugins["agora@agora"] in ${settings}`);
});
