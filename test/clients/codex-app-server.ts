// A line to `codex app-server` over its stdio: requests and answers, one JSON object per line.
import { once } from "node:events";
import { PATIENCE_MS } from "../wait-until.ts";
import type { Namespace } from "./namespace.ts";

export interface AppServer extends AsyncDisposable {
  request<T>(method: string, params: object): Promise<T>;
}

const answerTimeoutMs = PATIENCE_MS;

interface Answer {
  readonly id?: number;
  readonly method?: string;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/** Starts one and greets it. */
export async function openAppServer(
  net: Namespace,
  binary: string,
  env: Readonly<Record<string, string>>,
  cwd: string,
): Promise<AppServer> {
  const child = net.spawn(binary, ["app-server"], { env, cwd });
  const waiting = new Map<number, (answer: Answer) => void>();
  let lastId = 0;
  let rest = "";
  child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines.filter(Boolean)) {
      const answer = JSON.parse(line) as Answer;
      if (answer.id !== undefined && answer.method === undefined) waiting.get(answer.id)?.(answer);
    }
  });
  const tell = (message: object): void => {
    child.stdin?.write(`${JSON.stringify(message)}\n`);
  };
  const request = <T>(method: string, params: object): Promise<T> =>
    new Promise((resolve, reject) => {
      const id = ++lastId;
      const timer = setTimeout(() => reject(new Error(`app-server: no answer to ${method}`)), answerTimeoutMs);
      waiting.set(id, ({ result, error }) => {
        clearTimeout(timer);
        if (error === undefined) resolve(result as T);
        else reject(new Error(`app-server: ${method}: ${error.message}`));
      });
      tell({ id, method, params });
    });
  await request("initialize", {
    clientInfo: { name: "agora-test", title: "Agora's tests", version: "0" },
    capabilities: { experimentalApi: true },
  });
  tell({ method: "initialized" });
  return {
    request,
    async [Symbol.asyncDispose]() {
      const ended = once(child, "exit");
      child.stdin?.end();
      const timer = setTimeout(() => child.kill("SIGKILL"), 3_000);
      await ended;
      clearTimeout(timer);
    },
  };
}
