// A daemon with scripted answers, and a command context around it, for tests of what is asked and shown.
import type { RequestName } from "@agora/ipc";
import { fail, ok } from "@agora/protocol";
import type { DaemonPort, CommandContext } from "../src/index.ts";

export const NOW = new Date(2026, 10, 20, 14, 2).getTime();

/** A context whose daemon gives `answers`; `asked` records the requests. */
export function scripted(
  answers: Partial<Record<RequestName, unknown>>,
  more: Partial<CommandContext> = {},
): {
  readonly around: CommandContext;
  readonly asked: { name: string; args: unknown; timeoutMs?: number | undefined }[];
} {
  const asked: { name: string; args: unknown; timeoutMs?: number | undefined }[] = [];
  const port: DaemonPort = {
    closed: Promise.resolve(),
    request(name, args, options) {
      asked.push({ name, args, timeoutMs: options?.timeoutMs });
      const answer = answers[name];
      return Promise.resolve(answer === undefined ? fail("internal", `not scripted: ${name}`) : ok(answer as never));
    },
  };
  const around: CommandContext = {
    via: "cli",
    project: "/project",
    cwd: "/project/sub",
    env: { HOME: "/home/me" },
    home: { path: "/nowhere" },
    version: "0.0.0",
    now: () => NOW,
    daemon: () => Promise.resolve(ok(port)),
    running: () => Promise.resolve(ok(port)),
    renew: () => Promise.resolve(ok(port)),
    prefix: "agora ",
    ...more,
  };
  return { around, asked };
}
