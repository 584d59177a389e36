// A plugin update with the real Codex: a git marketplace that gets a newer version while a session runs. The running session goes
// on, without hooks, as Codex wants new ones approved; a new session brings the new daemon, and the old one never takes it back.
import { execFile } from "node:child_process";
import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { kill } from "node:process";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { BUILT, copyBundles } from "../program.ts";
import { buildVersion } from "../versions.ts";
import { codex, codexHookStatus } from "./codex-home.ts";
import { CODEX_NEWEST } from "./codex-installed.ts";
import type { CodexPerson } from "./codex-people.ts";
import { openCodex } from "./codex-session.ts";
import { openMixedCrowd } from "./mixed-network.ts";
import { until } from "./wait-until.ts";

const PLUGIN = join("packages", "codex");

const ADDRESS = "https://plugins.test/agora.git";

/** Commits the plugin as it is in this version to the marketplace's repository. */
async function publish(repository: string, version: string): Promise<void> {
  await cp(join(BUILT, ".agents"), join(repository, ".agents"), { recursive: true });
  copyBundles(join(BUILT, PLUGIN), join(repository, PLUGIN));
  await buildVersion(join(repository, PLUGIN), { version });
  const manifest = join(repository, PLUGIN, ".codex-plugin", "plugin.json");
  const text = await readFile(manifest, "utf8");
  await writeFile(manifest, text.replace('"version": "0.1.0"', `"version": "${version}"`));
  const git = (...words: string[]) => promisify(execFile)("git", ["-C", repository, ...words]);
  await git("init", "--quiet", "--initial-branch=main");
  await git("add", "--all", "--force");
  const author = ["-c", "user.name=test", "-c", "user.email=test@plugins.test"];
  await git(...author, "commit", "--quiet", "--message", version);
}

const daemonOf = async (person: CodexPerson) =>
  (await person.json<{ daemon: { pid: number; version: string } }>("status")).daemon;

describe(`a plugin update in Codex ${CODEX_NEWEST}`, () => {
  test("the running session goes on, a new one brings the new daemon, the old one never takes it back", async () => {
    await using crowd = await openMixedCrowd();
    const { net } = crowd;
    const repository = join(crowd.path, "market");
    const alice = await crowd.codex("alice", { way: "none" });
    const bob = await crowd.claude("bob");
    await publish(repository, "0.1.0");
    await writeFile(join(alice.home.path, ".gitconfig"), `[url "file://${repository}"]\n\tinsteadOf = ${ADDRESS}\n`);
    await codex(net, alice.home, "plugin", "marketplace", "add", ADDRESS);
    await codex(net, alice.home, "plugin", "add", "agora@agora");
    await codexHookStatus(net, alice.home, alice.project, { trust: true });
    await Promise.all([alice.start(), bob.start()]);
    const tell = async (text: string) => {
      await bob.agora("say", text);
      await alice.hears((line) => line.text === text);
    };
    const first = await daemonOf(alice);
    expect(first.version).toBe("0.1.0");
    await using running = await openCodex(alice.setup);
    await running.send("prompt one");
    await running.waitFor(/I read prompt one/);

    await publish(repository, "0.2.0");
    await codex(net, alice.home, "plugin", "marketplace", "upgrade", "agora");
    await codex(net, alice.home, "plugin", "add", "agora@agora");
    await codexHookStatus(net, alice.home, alice.project, { trust: true });
    await tell("NEWS-1");
    await running.send("prompt two");
    await running.waitFor(/I read prompt two/);
    // Codex itself holds the new hooks back in a session that began with the old ones, and says so.
    await running.waitFor(/plugin contents changed; hook approval required/);

    await using fresh = await openCodex(alice.setup);
    await fresh.send("good morning");
    await fresh.waitFor(/I read good morning/);
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
    await fresh.send("what is new?");
    await fresh.waitFor(/I read what is new/);
    await fresh.send("agora:say from the new session");
    await bob.hears(({ text }) => text === "from the new session");
    expect(await daemonOf(alice)).toMatchObject(second);

    kill(second.pid, "SIGKILL");
    await running.send("prompt four");
    await running.waitFor(/I read prompt four/);
    expect((await daemonOf(alice)).version).toBe("0.2.0");

    const texts = (await alice.journal()).filter(({ kind }) => kind === "message").map(({ text }) => text);
    const shown = (await alice.model.requests()).flatMap((request) => request.fresh.match(/NEWS-\d/g) ?? []);
    expect(shown).toEqual(["NEWS-2"]); // to the new session, whose seat began after the first
    expect([...texts].sort()).toEqual(["NEWS-1", "NEWS-2", "from the new session"]);
  });
});
