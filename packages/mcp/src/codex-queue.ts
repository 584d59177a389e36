// Runs `codex queue`, the client's own way to bring a message into a session, open or not. The words are passed as process
// arguments, never through a shell.
import { spawn } from "node:child_process";
import { readlinkSync } from "node:fs";
import { basename } from "node:path";
import { clientEnv, type Env } from "@agora/user-config";
import { QUEUE_TIMEOUT_MS } from "./limits.ts";
import type { QueueMessage } from "./queue-waker.ts";

/** Creates the queue; `executable` returns the codex named by the last call. */
export function createCodexQueue(env: Env, pid: number, executable: () => string | undefined): QueueMessage {
  return (thread, message) =>
    new Promise((resolve) => {
      const file = executable() ?? parentCodex(pid) ?? "codex";
      const child = spawn(file, ["queue", "--thread", thread, "--message", message], {
        env: clientEnv(env),
        stdio: "ignore",
        timeout: QUEUE_TIMEOUT_MS,
      });
      child.once("error", () => resolve(false));
      child.once("close", (code) => resolve(code === 0));
    });
}

/** The client that started us, where the system tells: it need not be on the PATH. */
function parentCodex(pid: number): string | undefined {
  try {
    const path = readlinkSync(`/proc/${pid}/exe`);
    return basename(path) === "codex" ? path : undefined;
  } catch {
    return undefined;
  }
}
