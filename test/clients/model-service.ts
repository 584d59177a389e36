// The test's end of the stand-in model: starts it inside a namespace, scripts it, reads what it was asked.
// Script and log are files, because the test itself stays outside the namespace.
import { once } from "node:events";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { RELEASED_FILE, type Rule, type Script } from "./model-script.ts";
import type { Namespace } from "./namespace.ts";
import { until } from "./wait-until.ts";
import { type ModelRequest, readRequests } from "./request-log.ts";

export interface ModelService extends AsyncDisposable {
  /** What a client takes as ANTHROPIC_BASE_URL. */
  readonly url: string;
  /** Replaces the rules; the next request is answered by the new ones. */
  script(rules: readonly Rule[]): Promise<void>;
  /** Lets the oldest answer go that is still held. */
  release(): Promise<void>;
  /** Every conversation request so far, oldest first, logged at its arrival. */
  requests(): Promise<ModelRequest[]>;
  /** Waits until at least `count` conversation requests have arrived. */
  waitForRequests(count: number, timeoutMs?: number): Promise<ModelRequest[]>;
}

const startTimeoutMs = 10_000;
const requestTimeoutMs = 20_000;

/** How one family of clients speaks with its model: the service to start, and how its log reads. */
export interface ModelKind {
  readonly program: string;
  readonly read: (log: string) => Promise<ModelRequest[]>;
}

const claudeModel: ModelKind = {
  program: fileURLToPath(new URL("./model-service-main.ts", import.meta.url)),
  read: readRequests,
};

/** Starts a stand-in model that keeps its script and log in `folder`. Use one per client to keep the logs apart. */
export async function openModelService(
  net: Namespace,
  folder: string,
  rules: readonly Rule[] = [],
  kind: ModelKind = claudeModel,
): Promise<ModelService> {
  await mkdir(folder, { recursive: true });
  const log = join(folder, "requests.jsonl");
  // Put in place whole: the service reads it at any moment.
  const put = async (name: string, text: string): Promise<void> => {
    const path = join(folder, name);
    await writeFile(`${path}.new`, text);
    await rename(`${path}.new`, path);
  };
  let edition = 0;
  const script = async (next: readonly Rule[]): Promise<void> => {
    const written: Script = { edition: ++edition, rules: next };
    await put("script.json", JSON.stringify(written));
  };
  let released = 0;
  await script(rules);

  const child = net.spawn(process.execPath, [kind.program, folder]);
  let printed = "";
  let complained = "";
  child.stdout?.setEncoding("utf8").on("data", (chunk: string) => (printed += chunk));
  child.stderr?.setEncoding("utf8").on("data", (chunk: string) => (complained += chunk));
  const port = await until(
    "the model service",
    () => /^(\d+)\n/.exec(printed)?.[1],
    startTimeoutMs,
    () => complained,
  );

  return {
    url: `http://127.0.0.1:${port}`,
    script,
    release: () => put(RELEASED_FILE, String(++released)),
    requests: () => kind.read(log),
    waitForRequests: (count, timeoutMs = requestTimeoutMs) =>
      until(
        `${count} requests to the model`,
        async () => {
          const seen = await kind.read(log);
          return seen.length >= count && seen;
        },
        timeoutMs,
        async () => `arrived: ${(await kind.read(log)).length}\n${complained}`,
      ),
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      child.kill();
      await ended;
    },
  };
}
