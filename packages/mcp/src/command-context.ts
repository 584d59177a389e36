// The context of a command given in a session: by the person through a hook, or by the model through a tool. Both reach the
// daemon through the session's own seat, so what they say carries its name.
import type { DaemonPort, CommandContext } from "@agora/commands";
import type { Home } from "@agora/user-config";
import type { Result } from "@agora/protocol";
import type { DaemonLine, OpenLine } from "./daemon-line.ts";
import type { Seat } from "./seat.ts";

export interface CommandContextParts {
  readonly seat: Seat;
  readonly open: OpenLine;
  readonly home: Home;
  readonly version: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly prefix: string;
  /** This program's executable. */
  readonly entry?: string;
  readonly now: () => number;
}

/** Runs `work` with a context for one command, and closes afterwards whatever it opened. */
export async function withCommandContext<T>(
  via: "hook" | "tool",
  parts: CommandContextParts,
  work: (around: CommandContext) => Promise<T>,
): Promise<T> {
  const { seat, home, version, cwd, env, prefix, now, entry } = parts;
  const opened: DaemonLine[] = [];
  /** For `stop`: the registry may already say that the project left; the seat's own connection must not linger. */
  const running = async (): Promise<Result<DaemonPort>> => {
    seat.release();
    const line = await parts.open({ launch: false, onPush: () => undefined });
    if (line.ok) opened.push(line.value);
    return line;
  };
  const daemon = () => seat.line({ launch: true });
  const renew = async (): Promise<Result<DaemonPort>> => {
    const line = await parts.open({ launch: true, renew: true, onPush: () => undefined });
    if (line.ok) opened.push(line.value);
    return line;
  };
  const project = seat.membership.project;
  try {
    return await work({ via, project, cwd, env, home, version, now, daemon, running, renew, prefix, entry });
  } finally {
    for (const line of opened) line.close();
  }
}
