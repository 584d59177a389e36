// A plugin update with the real Claude Code: a git marketplace that gets a newer version while a session runs. The running
// session keeps its old plugin and loses nothing; a new session brings the new daemon, and the old one never takes it back.
import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { kill } from "node:process";
import { describe, expect, test } from "vitest";
import { copyBundles } from "../program.ts";
import { buildVersion } from "../versions.ts";
import { claudePlugin, type Plugin, publishPlugin } from "./home.ts";
import { openClaude } from "./claude-session.ts";
import { NEWEST } from "./installed.ts";
import { openModelService } from "./model-service.ts";
import { until } from "./wait-until.ts";
import { agoraPlugin, openCrowd, type Person } from "./test-users.ts";

/** A marketplace folder with the plugin of this version in it. */
async function marketplace(folder: string, version: string): Promise<Plugin> {
  const { marketplace: here, source } = agoraPlugin;
  await cp(join(here, ".claude-plugin"), join(folder, ".claude-plugin"), { recursive: true });
  copyBundles(join(here, source), join(folder, source));
  await buildVersion(join(folder, source), { version });
  const manifest = join(folder, source, ".claude-plugin", "plugin.json");
  const text = await readFile(manifest, "utf8");
  await writeFile(manifest, text.replace('"version": "0.1.0"', `"version": "${version}"`));
  return { ...agoraPlugin, marketplace: folder };
}

const daemonOf = async (person: Person) =>
  (await person.json<{ daemon: { pid: number; version: string } }>("status")).daemon;

describe.each([NEWEST])("a plugin update in Claude Code %s", (version) => {
  test("the running session goes on, a new one brings the new daemon, the old one never takes it back", async () => {
    await using crowd = await openCrowd(version);
    const plugin = await marketplace(join(crowd.path, "market"), "0.1.0");
    const alice = await crowd.person("alice", { way: "git", plugin });
    const bob = await crowd.person("bob");
    await Promise.all([alice.start(), bob.start()]);
    const tell = async (text: string) => {
      await bob.agora("say", text);
      await alice.hears((line) => line.text === text);
    };
    const first = await daemonOf(alice);
    expect(first.version).toBe("0.1.0");
    await using running = await openClaude(alice.setup);
    await running.send("prompt one");
    await running.waitFor(/I read prompt one/);

    await publishPlugin(alice.home, await marketplace(plugin.marketplace, "0.2.0"));
    await claudePlugin(crowd.net, version, alice.home, ["marketplace", "update", "agora"]);
    await claudePlugin(crowd.net, version, alice.home, ["update", "agora@agora"]);
    await tell("NEWS-1");
    await running.send("prompt two");
    await running.waitFor(/I read prompt two/);
    expect(await daemonOf(alice)).toMatchObject(first);

    await using model = await openModelService(crowd.net, join(crowd.path, "second"));
    await using fresh = await openClaude({ ...alice.setup, model });
    const second = await until(
      "the new daemon",
      async () => {
        const now = await daemonOf(alice);
        return now.version === "0.2.0" && now;
      },
      15_000,
      async () => JSON.stringify(await daemonOf(alice)),
    );
    await tell("NEWS-2");
    await running.send("prompt three");
    await running.waitFor(/I read prompt three/);
    await running.send("/agora:say from the old session");
    await bob.hears(({ text }) => text === "from the old session");
    await fresh.send("/agora:say from the new session");
    await bob.hears(({ text }) => text === "from the new session");
    expect(await daemonOf(alice)).toMatchObject(second);

    kill(second.pid, "SIGKILL");
    await running.send("prompt four");
    await running.waitFor(/I read prompt four/);
    expect((await daemonOf(alice)).version).toBe("0.2.0");

    const shown = (await alice.model.requests()).map((request) => request.fresh.match(/NEWS-\d/g) ?? []);
    expect(shown).toEqual([[], ["NEWS-1"], ["NEWS-2"], []]);
    const texts = (await alice.journal()).filter(({ kind }) => kind === "message").map(({ text }) => text);
    expect([...texts].sort()).toEqual(["NEWS-1", "NEWS-2", "from the new session", "from the old session"]);
  });
});
