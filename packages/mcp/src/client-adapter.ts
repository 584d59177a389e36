// What we know of each client beyond MCP itself: its hooks, what it tells with a call, how its idle sessions can be woken. A
// client that isn't listed gets only the tools.
import { claudeHooks } from "./claude-hooks.ts";
import { CHANNEL_CAPABILITIES } from "./claude-channel.ts";
import { CODEX_CAPABILITIES, readCodexCall } from "./codex-call.ts";
import { codexHooks } from "./codex-hooks.ts";
import type { CallMeta, HookDialect } from "./hook-call.ts";

/** What a model's call reveals about its session. */
export interface CallFacts {
  readonly session: string;
  /** The caller is a helper of the session, not the session itself. */
  readonly subagent: boolean;
  /** The session ends with this turn: there will be nothing to wake later. */
  readonly oneShot?: true;
  readonly dir?: string;
  readonly executable?: string;
}

export interface ClientAdapter {
  readonly hooks: HookDialect;
  readonly experimental?: Readonly<Record<string, object>>;
  /** Reads the `_meta` of a model's call, for clients that say there who calls. */
  readonly readCall?: (meta: CallMeta) => CallFacts;
  /** Its sessions can be woken by a channel, if the person enabled it. */
  readonly channel?: true;
  /** Its sessions are woken through its own queue, and only we see the prompt of such a wake-up. */
  readonly queue?: true;
}

export const CLIENTS: Readonly<Record<string, ClientAdapter>> = {
  claude: { hooks: claudeHooks, experimental: CHANNEL_CAPABILITIES, channel: true },
  codex: { hooks: codexHooks, experimental: CODEX_CAPABILITIES, readCall: readCodexCall, queue: true },
};
