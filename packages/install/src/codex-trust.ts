// Whether the person trusts our hooks in Codex: if not, they are skipped, and nothing on the screen says so. The person
// decides to trust them; this only tells Codex.
import { fail, ok } from "@agora/user-config";
import type { Result } from "@agora/protocol";
import { type AppServer, type AppServerCode, type CodexRun, withAppServer } from "./codex-app-server.ts";

export type { CodexRun } from "./codex-app-server.ts";

/** Our hooks, by event name. */
export interface CodexHooks {
  readonly trusted: readonly string[];
  /** Not trusted, or changed since: Codex skips them. */
  readonly skipped: readonly string[];
}

interface Hook {
  readonly key: string;
  readonly eventName: string;
  readonly trustStatus: string;
  readonly enabled?: boolean;
  readonly currentHash: string;
  readonly pluginId?: string | null;
  readonly handlerType?: string;
  readonly server?: string | null;
  readonly tool?: string | null;
}

/** Asks Codex about our hooks; `name`: our server's. */
export async function readCodexHooks(run: CodexRun, name: string): Promise<Result<CodexHooks, AppServerCode>> {
  return await withAppServer(run, async (server) => {
    const hooks = await ownHooks(server, run.cwd, name);
    return hooks.ok ? ok(summary(hooks.value)) : hooks;
  });
}

/** Tells Codex that the person trusts our hooks in their present form. */
export async function trustCodexHooks(run: CodexRun, name: string): Promise<Result<CodexHooks, AppServerCode>> {
  return await withAppServer(run, async (server) => {
    const hooks = await ownHooks(server, run.cwd, name);
    if (!hooks.ok) return hooks;
    const untrusted = hooks.value.filter((hook) => !isTrusted(hook));
    if (untrusted.length === 0) return ok(summary(hooks.value));
    const value = Object.fromEntries(untrusted.map(({ key, currentHash }) => [key, { trusted_hash: currentHash }]));
    const edits = [{ keyPath: "hooks.state", value, mergeStrategy: "upsert" }];
    const written = await server.request("config/batchWrite", { edits, filePath: null, expectedVersion: null });
    if (!written.ok) return written;
    const now = await ownHooks(server, run.cwd, name);
    return now.ok ? ok(summary(now.value)) : now;
  });
}

async function ownHooks(server: AppServer, cwd: string, name: string): Promise<Result<readonly Hook[], AppServerCode>> {
  const answer = await server.request<{ readonly data?: readonly { readonly hooks?: readonly Hook[] }[] }>(
    "hooks/list",
    {
      cwds: [cwd],
    },
  );
  if (!answer.ok) return answer;
  const all = (answer.value.data ?? []).flatMap(({ hooks = [] }) => hooks);
  const ours = all.filter(
    (hook) => hook.tool === "hook" && (hook.pluginId?.startsWith("agora@") === true || hook.server === name),
  );
  return ours.length === 0 ? fail("refused", "Codex knows no hooks of Agora.") : ok(ours);
}

function summary(hooks: readonly Hook[]): CodexHooks {
  const events = (wanted: boolean): string[] =>
    hooks.filter((hook) => isTrusted(hook) === wanted).map(({ eventName }) => eventName);
  return { trusted: events(true), skipped: events(false) };
}

function isTrusted({ trustStatus, enabled }: Hook): boolean {
  return (trustStatus === "trusted" || trustStatus === "managed") && enabled !== false;
}
