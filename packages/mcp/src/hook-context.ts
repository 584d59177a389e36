// What a command hook may see of the outside world: the client's input and environment, its two outputs, the daemon.
import type { Clock } from "@agora/ports";
import type { Membership, OpenLine } from "./daemon-line.ts";

export interface HookWorld {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Everything the client wrote to the hook. */
  readonly input: () => Promise<string>;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly membership: Membership;
  readonly open: OpenLine;
  readonly clock: Clock;
  /** Waits while keeping the process alive. */
  readonly sleep: (ms: number) => Promise<void>;
  /** Whether the client that started us is still alive. */
  readonly parentAlive: () => boolean;
}

/** The fields of a hook's input that we use; "" if missing. */
export interface HookInput {
  readonly session: string;
  /** SessionStart: startup, resume, clear, compact. */
  readonly source: string;
  /** SessionEnd: clear, logout, prompt_input_exit, other. */
  readonly reason: string;
  /** PermissionRequest: the name of the tool. */
  readonly tool: string;
}

/** Reads a hook's input; undefined if it isn't one. */
export async function readInput(world: HookWorld): Promise<HookInput | undefined> {
  try {
    const input: unknown = JSON.parse(await world.input());
    if (typeof input !== "object" || input === null) return undefined;
    const field = (name: string): string => {
      const value: unknown = Reflect.get(input, name);
      return typeof value === "string" ? value : "";
    };
    const session = field("session_id");
    if (session === "") return undefined;
    return { session, source: field("source"), reason: field("reason"), tool: field("tool_name") };
  } catch {
    return undefined;
  }
}
