// What is known of each client beyond MCP itself: its hooks, what it says of a call, how its idle sessions are woken. A
// client that is not here gets the tools alone.
import { claudeHooks } from "./claude-hooks.ts";
import { CHANNEL_CAPABILITIES } from "./claude-channel.ts";
import { CODEX_CAPABILITIES, readCodexCall } from "./codex-call.ts";
import { codexHooks } from "./codex-hooks.ts";
import type { CallMeta, HookDialect } from "./hook-call.ts";

/** What a model's call tells of its session. */
export interface CallFacts {
  readonly session: string;
  /** A helper of the session, not the session itself. */
  readonly subagent: boolean;
  /** The session ends with this turn: nothing is to be woken later. */
  readonly oneShot?: true;
  readonly dir?: string;
  readonly executable?: string;
}

export interface ClientAdapter {
  readonly hooks: HookDialect;
  readonly experimental?: Readonly<Record<string, object>>;
  /** Reads the `_meta` of a model's call, where the client says who calls. */
  readonly readCall?: (meta: CallMeta) => CallFacts;
  /** Its sessions can be woken by a channel, if the person enabled it. */
  readonly channel?: true;
  /** Its sessions are woken by its own queue, and the prompt of a wake-up is ours alone. */
  readonly queue?: true;
}

export const CLIENTS: Readonly<Record<string, ClientAdapter>> = {
  claude: { hooks: claudeHooks, experimental: CHANNEL_CAPABILITIES, channel: true },
  codex: { hooks: codexHooks, experimental: CODEX_CAPABILITIES, readCall: readCodexCall, queue: true },
};
