// A person with Codex among the people of a test: an own HOME and stand-in model, the plugin from its marketplace or what
// the installer writes, hooks trusted as the person does it.
import { mkdir } from "node:fs/promises";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { BUILT } from "../program.ts";
import { type CodexHome, codexHookStatus, type CodexOptions, installCodexPlugin, seedCodexHome } from "./codex-home.ts";
import { readCodexRequests } from "./codex-request-log.ts";
import type { CodexSetup } from "./codex-session.ts";
import type { Rule } from "./model-script.ts";
import { type ModelKind, type ModelService, openModelService } from "./model-service.ts";
import type { Finished, Namespace } from "./namespace.ts";
import { type InboxLine, type JournalLine, type Person, readJournal, relayUrl, token } from "./test-users.ts";
import { until } from "./wait-until.ts";

/** The executable as Codex's plugin brings it. */
export const codexAgora = join(BUILT, "packages", "codex", "bin", "agora");

const codexModel: ModelKind = {
  program: fileURLToPath(new URL("./codex-model-main.ts", import.meta.url)),
  read: readCodexRequests,
};

/** How Codex names the room's tools to its model. */
export const codexTool = (tool: string): string => `mcp__agora.${tool}`;

export type CodexInstallWay = "plugin" | "installer" | "none";

export interface CodexPersonOptions extends CodexOptions {
  readonly rules?: readonly Rule[];
  readonly way?: CodexInstallWay;
  /** The same person has Claude Code as well: one HOME, one project, one room. */
  readonly beside?: Person;
  /** Whether the person trusts our hooks; yes if nothing is said. */
  readonly trust?: boolean;
}

export interface CodexPerson {
  readonly name: string;
  readonly home: CodexHome;
  readonly project: string;
  readonly model: ModelService;
  readonly setup: CodexSetup;
  /** `agora …` in the project, as typed in a terminal. */
  agora(...words: string[]): Promise<Finished>;
  json<T>(...words: string[]): Promise<T>;
  start(...words: string[]): Promise<void>;
  inbox(): Promise<InboxLine[]>;
  journal(): Promise<JournalLine[]>;
  hears(what: (line: JournalLine) => boolean, timeoutMs?: number): Promise<JournalLine>;
}

const heardTimeoutMs = 15_000;

/** Makes a person in `net`; what has to be closed goes onto `owned`. */
export async function openCodexPerson(
  { net, path, owned }: { readonly net: Namespace; readonly path: string; readonly owned: AsyncDisposableStack },
  name: string,
  options: CodexPersonOptions = {},
): Promise<CodexPerson> {
  const folder = join(path, name);
  const { beside } = options;
  const project = beside?.project ?? join(folder, "project");
  await mkdir(folder, { recursive: true });
  const model = owned.use(await openModelService(net, join(folder, "codex-model"), options.rules, codexModel));
  const home = await seedCodexHome(beside?.home.path ?? join(folder, "home"), model.url, [project], options);
  if (beside === undefined) await promisify(execFile)("git", ["init", "--quiet", project]);
  const env = { ...home.env(), AGORA_TOKEN: token };
  const agora: CodexPerson["agora"] = (...words) => net.run("node", [codexAgora, ...words], { env, cwd: project });
  const json = async <T>(...words: string[]): Promise<T> => {
    const done = await agora("--json", ...words);
    if (done.code !== 0) throw new Error(`agora ${words.join(" ")} of ${name}: ${done.stderr}`);
    return JSON.parse(done.stdout) as T;
  };
  const { way = "plugin", trust = true } = options;
  if (way === "plugin") await installCodexPlugin(net, home, BUILT);
  if (way === "installer") {
    const done = await net.run("node", [codexAgora, "install", "codex", "--yes"], { env, cwd: project });
    if (done.code !== 0) throw new Error(`agora install codex: ${done.stderr}`);
  }
  if (trust && way !== "none") await codexHookStatus(net, home, project, { trust });
  const journal = () => readJournal(join(project, ".agora", "history.jsonl"));
  return {
    name,
    home,
    project,
    model,
    setup: { net, home, project },
    agora,
    json,
    start: async (...words) => {
      const done = await agora("start", "-n", name, "--relay", relayUrl, ...words);
      if (done.code !== 0) throw new Error(`start of ${name}: ${done.stderr}`);
    },
    inbox: () => json<InboxLine[]>("inbox"),
    journal,
    hears: (what, timeoutMs = heardTimeoutMs) =>
      until(
        `a line in ${name}'s history`,
        async () => (await journal()).find(what),
        timeoutMs,
        async () => JSON.stringify((await journal()).map(({ author, text }) => [author, text])),
      ),
  };
}
