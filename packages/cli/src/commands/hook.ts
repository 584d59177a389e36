// `agora hook EVENT`: a client's command hook; its JSON comes on stdin.
import { runHook } from "@agora/mcp";
import type { ExitCode, Start } from "../terminal.ts";
import { VERSION } from "../version.ts";

/** Runs one hook. The process exits at once: nothing the hook began is waited for. */
export async function hook(start: Start): Promise<ExitCode> {
  const [, event, ...words] = start.argv;
  if (event === undefined || event.startsWith("-")) {
    process.stderr.write("hook needs EVENT: agora hook EVENT\n");
    return 2;
  }
  const at = words.indexOf("--project");
  const code = await runHook(event, {
    project: at < 0 ? undefined : words[at + 1],
    env: start.env,
    cwd: start.cwd,
    bundle: start.entry,
    version: VERSION,
    stdin: process.stdin,
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    parent: () => process.ppid,
  });
  await flushed();
  return process.exit(code);
}

function flushed(): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.write("", () => process.stderr.write("", () => resolve()));
  });
}
