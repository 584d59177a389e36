// `agora uninstall` where the real Claude Code has the plugin: the client itself takes it out, and nothing of ours is in a session after.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { runClaude } from "./claude-session.ts";
import { claudePlugin } from "./home.ts";
import { clientBinary, NEWEST } from "./installed.ts";
import { agoraPlugin, openCrowd, processes } from "./test-users.ts";

describe.each([NEWEST])("uninstall with Claude Code %s", (version) => {
  test("the plugin, the daemon and the home are gone, and a session has no command of ours", async () => {
    await using crowd = await openCrowd(version);
    const alice = await crowd.person("alice", { way: "git" });
    await alice.start();
    expect((await runClaude(alice.setup, "/agora:who")).stdout).toContain("alice (you)");
    const executable = join(agoraPlugin.marketplace, agoraPlugin.source, "bin", "agora");
    const own = alice.home.env();
    const env = { ...own, PATH: `${dirname(clientBinary(version))}:${own["PATH"]}` };
    const agora = (...words: string[]) => crowd.net.run("node", [executable, ...words], { env, cwd: alice.project });
    expect((await agora("uninstall", "--dry-run")).stdout).toContain("the plugin in Claude Code");
    expect(await agora("uninstall", "--yes")).toMatchObject({ code: 0, stderr: "" });
    expect(await claudePlugin(crowd.net, version, alice.home, ["list"])).not.toContain("agora@agora");
    const noted = await readFile(join(alice.home.path, ".claude", "plugins", "installed_plugins.json"), "utf8");
    expect(noted).not.toContain("agora@agora");
    expect(existsSync(join(alice.project, ".agora"))).toBe(false);
    expect(processes(crowd.net, /(agora\.mjs|daemon\.cjs) daemon/)).toEqual([]);
    expect((await runClaude(alice.setup, "/agora:who")).stdout).not.toContain("alice");
    expect((await agora("uninstall")).stdout).toMatch(/^Nothing of Agora/);
  });
});
