// A HOME with a CODEX_HOME of its own for one pretended person, whose model is the stand-in and whose project is trusted.
// Nothing of this computer's own Codex is read or written.
import { mkdir, readFile, realpath, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { CODEX_NEWEST, codexBinary } from "./codex-installed.ts";
import { openAppServer } from "./codex-app-server.ts";
import { COMPILED } from "../program.ts";
import { nodeFolder } from "./home.ts";
import type { Namespace } from "./namespace.ts";

export interface CodexHome {
  readonly path: string;
  /** The executable that this person runs. */
  readonly binary: string;
  /** The folder of config.toml. */
  readonly codex: string;
  /** The whole environment of a client with this HOME. */
  env(): Record<string, string>;
}

export interface CodexOptions {
  /** A model that Codex does not know gets the classic tools. */
  readonly model?: string;
  readonly approvals?: "on-request" | "never";
  /** A pinned version; the newest if nothing is said. */
  readonly version?: string;
}

/** Makes a HOME whose Codex asks `modelUrl` and trusts `projects`. Makes the projects, too. */
export async function seedCodexHome(
  path: string,
  modelUrl: string,
  projects: readonly string[],
  { model = "stand-in", approvals = "on-request", version = CODEX_NEWEST }: CodexOptions = {},
): Promise<CodexHome> {
  const binary = codexBinary(version);
  const codex = join(path, ".codex");
  const temporary = join(path, "tmp");
  await mkdir(codex, { recursive: true });
  await mkdir(temporary, { recursive: true });
  const trusted: string[] = [];
  for (const project of projects) {
    await mkdir(project, { recursive: true });
    trusted.push(`[projects.${JSON.stringify(await realpath(project))}]`, 'trust_level = "trusted"', "");
  }
  const config = [
    "# My own words, which nobody may touch.",
    `model = ${JSON.stringify(model)}   # and these`,
    'model_provider = "stand-in"',
    `approval_policy = "${approvals}"`,
    'sandbox_mode = "read-only"',
    "check_for_update_on_startup = false",
    "",
    "[model_providers.stand-in]",
    'name = "stand-in"',
    `base_url = "${modelUrl}/v1"`,
    'wire_api = "responses"',
    'env_key = "STAND_IN_KEY"',
    "requires_openai_auth = false",
    "request_max_retries = 0",
    "stream_max_retries = 0",
    "",
    "[analytics]",
    "enabled = false",
    "",
    ...trusted,
  ];
  await writeFile(join(codex, "config.toml"), config.join("\n"));
  return {
    path,
    binary,
    codex,
    env: () => ({
      PATH: [nodeFolder(), dirname(binary), "/usr/local/bin", "/usr/bin", "/bin"].join(delimiter),
      HOME: path,
      ...COMPILED,
      CODEX_HOME: codex,
      TERM: "xterm-256color",
      LANG: "C.UTF-8",
      TMPDIR: temporary,
      STAND_IN_KEY: "dummy",
      NO_COLOR: "1",
    }),
  };
}

/** The text of config.toml. */
export function readConfig(home: CodexHome): Promise<string> {
  return readFile(join(home.codex, "config.toml"), "utf8");
}

/** Runs `codex …` in a HOME and returns what it printed; fails when it fails. */
export async function codex(net: Namespace, home: CodexHome, ...args: readonly string[]): Promise<string> {
  const done = await net.run(home.binary, args, { env: home.env(), cwd: home.path });
  if (done.code !== 0) throw new Error(`codex ${args.join(" ")} ended with ${done.code}\n${done.stdout}${done.stderr}`);
  return done.stdout;
}

/** Installs the plugin from a folder with `.agents/plugins/marketplace.json`. */
export async function installCodexPlugin(net: Namespace, home: CodexHome, marketplace: string): Promise<void> {
  await codex(net, home, "plugin", "marketplace", "add", marketplace);
  await codex(net, home, "plugin", "add", "agora@agora");
}

export interface HookStatus {
  readonly key: string;
  readonly eventName: string;
  readonly trustStatus: string;
  readonly currentHash: string;
}

/** The hooks of a project as Codex sees them; with `trust` the person says yes to all of them, as in `/hooks`. */
export async function codexHookStatus(
  net: Namespace,
  home: CodexHome,
  project: string,
  { trust = false } = {},
): Promise<HookStatus[]> {
  await using server = await openAppServer(net, home.binary, home.env(), project);
  const list = async (): Promise<HookStatus[]> => {
    const { data } = await server.request<{ data: { hooks: HookStatus[] }[] }>("hooks/list", { cwds: [project] });
    return data.flatMap(({ hooks }) => hooks);
  };
  const hooks = await list();
  if (!trust) return hooks;
  const value = Object.fromEntries(hooks.map(({ key, currentHash }) => [key, { trusted_hash: currentHash }]));
  const edits = [{ keyPath: "hooks.state", value, mergeStrategy: "upsert" }];
  await server.request("config/batchWrite", { edits, filePath: null, expectedVersion: null });
  return await list();
}
