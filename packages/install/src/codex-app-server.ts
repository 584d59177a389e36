// A connection to the person's own `codex app-server`, for questions that its files don't answer: one JSON object per line.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { clientEnv, fail, ok } from "@agora/user-config";
import type { Result } from "@agora/protocol";

export interface CodexRun {
  /** The executable; a bare name is looked up on the PATH. */
  readonly file: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The project in question. */
  readonly cwd: string;
}

export type AppServerCode = "no-codex" | "timeout" | "refused";

export interface AppServer {
  request<T>(method: string, params: object): Promise<Result<T, AppServerCode>>;
}

const ANSWER_TIMEOUT_MS = 10_000;
const END_TIMEOUT_MS = 2_000;

interface Answer {
  readonly id?: unknown;
  readonly method?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message?: string };
}

/** Starts one, greets it, lets `work` ask, and ends it. */
export async function withAppServer<T>(
  { file, env, cwd }: CodexRun,
  work: (server: AppServer) => Promise<Result<T, AppServerCode>>,
): Promise<Result<T, AppServerCode>> {
  const child = spawn(file, ["app-server"], { env: clientEnv(env), cwd, stdio: ["pipe", "pipe", "ignore"] });
  const waiting = new Map<number, (answer: Result<unknown, AppServerCode>) => void>();
  const endAll = (failure: Result<never, AppServerCode>): void => waiting.forEach((settle) => settle(failure));
  let failed: Result<never, AppServerCode> | undefined;
  const over = (failure: Result<never, AppServerCode>): void => {
    failed ??= failure;
    endAll(failed);
  };
  child.once("error", () => over(fail("no-codex", "codex is not on the PATH.")));
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
  void closed.then(() => over(fail("refused", "codex app-server ended before it answered.")));
  child.stdin.on("error", () => undefined);
  createInterface(child.stdout).on("line", (line) => {
    const answer = read(line);
    if (typeof answer?.id !== "number" || answer.method !== undefined) return;
    const { error, result } = answer;
    const failure = fail("refused" as const, `codex app-server: ${error?.message ?? "refused"}`);
    waiting.get(answer.id)?.(error === undefined ? ok(result) : failure);
  });
  let lastId = 0;
  const tell = (message: object): void => void child.stdin.write(`${JSON.stringify(message)}\n`);
  const server: AppServer = {
    request: <R>(method: string, params: object) =>
      new Promise<Result<R, AppServerCode>>((resolve) => {
        if (failed !== undefined) return resolve(failed);
        const id = ++lastId;
        const timer = setTimeout(() => settle(fail("timeout", "codex app-server did not answer.")), ANSWER_TIMEOUT_MS);
        const settle = (answer: Result<unknown, AppServerCode>): void => {
          clearTimeout(timer);
          waiting.delete(id);
          resolve(answer as Result<R, AppServerCode>);
        };
        waiting.set(id, settle);
        tell({ id, method, params });
      }),
  };
  try {
    const clientInfo = { name: "agora", title: "Agora", version: "0" };
    const greeted = await server.request("initialize", { clientInfo, capabilities: { experimentalApi: true } });
    if (!greeted.ok) return greeted;
    tell({ method: "initialized" });
    return await work(server);
  } finally {
    child.stdin.end();
    const timer = setTimeout(() => child.kill("SIGKILL"), END_TIMEOUT_MS);
    if (child.pid !== undefined) await closed;
    clearTimeout(timer);
  }
}

function read(line: string): Answer | undefined {
  try {
    return JSON.parse(line) as Answer;
  } catch {
    return undefined;
  }
}
