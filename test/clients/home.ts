// A HOME of its own for one pretended person: no dialog in the way, a plugin installed as a real person would.
// Nothing of this computer's own client configuration is read or written.
import { execFile } from "node:child_process";
import { appendFile, mkdir, realpath, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { existsSync } from "node:fs";
import { promisify } from "node:util";
import { type ClaudeVersion, clientBinary } from "./installed.ts";
import { COMPILED } from "../program.ts";
import type { Namespace } from "./namespace.ts";

const dummyKey = "dummy-not-a-key";
/** Nobody listens there: the newer version waits 18 s for its own servers' address before it manages plugins. */
const nobody = "http://127.0.0.1:9";

export interface ClaudeHome {
  readonly path: string;
  /** Arguments every start of the client needs (`--plugin-dir` when the plugin came that way). */
  readonly args: readonly string[];
  /** The whole environment of a client with this HOME. */
  env(modelUrl?: string): Record<string, string>;
}

export interface Plugin {
  /** The folder with `.claude-plugin/marketplace.json`. */
  readonly marketplace: string;
  /** The plugin's own folder, relative to the marketplace. */
  readonly source: string;
  /** The plugin and its marketplace, as `claude plugin install` takes them: `agora@agora`. */
  readonly name: string;
  /** What of the marketplace folder goes into the git repository, if not all that git does not ignore. */
  readonly paths?: readonly string[];
}

export type InstallWay = "git" | "directory" | "plugin-dir";

/** Makes a HOME in which onboarding, the key and the trust in `projects` are settled. Makes the projects, too. */
export async function seedHome(path: string, projects: readonly string[]): Promise<ClaudeHome> {
  await mkdir(join(path, ".claude"), { recursive: true });
  const trusted: [string, object][] = [];
  for (const project of projects) {
    await mkdir(project, { recursive: true });
    trusted.push([await realpath(project), { hasTrustDialogAccepted: true }]);
  }
  const settled = {
    hasCompletedOnboarding: true,
    customApiKeyResponses: { approved: [dummyKey.slice(-20)], rejected: [] },
    projects: Object.fromEntries(trusted),
  };
  await writeFile(join(path, ".claude.json"), JSON.stringify(settled, null, 2));
  const temporary = join(path, "tmp");
  await mkdir(temporary);
  return {
    path,
    args: [],
    env: (modelUrl) => ({
      PATH: [nodeFolder(), "/usr/local/bin", "/usr/bin", "/bin"].join(delimiter),
      HOME: path,
      ...COMPILED,
      TERM: "xterm-256color",
      LANG: "C.UTF-8",
      TMPDIR: temporary,
      CLAUDE_CODE_TMPDIR: temporary,
      ANTHROPIC_API_KEY: dummyKey,
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
      DISABLE_AUTOUPDATER: "1",
      ...(modelUrl === undefined ? {} : { ANTHROPIC_BASE_URL: modelUrl }),
    }),
  };
}

/** Where the person's own `node` is: plugins run on that one, not on the Node that our tests bring along. */
export function nodeFolder(): string {
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => !folder.includes("node_modules"));
  return folders.find((folder) => existsSync(join(folder, "node"))) ?? dirname(process.execPath);
}

/** Installs a plugin into a HOME by one of the three ways; returns the HOME to start clients with from now on. */
export async function installPlugin(
  net: Namespace,
  version: ClaudeVersion,
  home: ClaudeHome,
  plugin: Plugin,
  way: InstallWay,
): Promise<ClaudeHome> {
  if (way === "plugin-dir")
    return { ...home, args: [...home.args, "--plugin-dir", join(plugin.marketplace, plugin.source)] };
  const address = way === "git" ? await serveByGit(home, plugin) : plugin.marketplace;
  await claudePlugin(net, version, home, ["marketplace", "add", address]);
  await claudePlugin(net, version, home, ["install", plugin.name]);
  return home;
}

/** Runs `claude plugin …` in a HOME and returns what it printed; fails when it fails. */
export async function claudePlugin(
  net: Namespace,
  version: ClaudeVersion,
  home: ClaudeHome,
  args: readonly string[],
): Promise<string> {
  const options = { env: home.env(nobody), cwd: home.path };
  const { code, stdout, stderr } = await net.run(clientBinary(version), ["plugin", ...args], options);
  if (code !== 0) throw new Error(`claude plugin ${args.join(" ")} ended with ${code}\n${stdout}${stderr}`);
  return stdout + stderr;
}

/** Puts the marketplace into a bare repository that this HOME reaches under a https address, and returns the address. */
async function serveByGit(home: ClaudeHome, plugin: Plugin): Promise<string> {
  const address = "https://plugins.test/plugin.git";
  const bare = await publishPlugin(home, plugin);
  await appendFile(join(home.path, ".gitconfig"), `[url "file://${bare}"]\n\tinsteadOf = ${address}\n`);
  return address;
}

/** Commits the marketplace as it is now to the HOME's bare repository, and returns that one's path. */
export async function publishPlugin(home: ClaudeHome, plugin: Plugin): Promise<string> {
  const bare = join(home.path, "plugin.git");
  const env = {
    ...home.env(),
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_AUTHOR_NAME: "test",
    GIT_AUTHOR_EMAIL: "test@plugins.test",
    GIT_COMMITTER_NAME: "test",
    GIT_COMMITTER_EMAIL: "test@plugins.test",
  };
  const git = (...args: string[]) => promisify(execFile)("git", args, { env, cwd: plugin.marketplace });
  await git("init", "--quiet", "--bare", "--initial-branch=main", bare);
  const here = ["-c", "core.bare=false", `--git-dir=${bare}`, `--work-tree=${plugin.marketplace}`];
  await git(...here, "add", "--all", "--", ...(plugin.paths ?? ["."]), ":(exclude,glob)**/dist/compiled/**");
  await git(...here, "commit", "--quiet", "--message", "the plugin");
  return bare;
}
