// What Codex tells about a model's call in its `_meta`: which thread it is, where its project is, which executable runs it.
// Measured with 0.169.0; the folder is told only to a server that declares `codex/sandbox-state-meta`.
import { fileURLToPath } from "node:url";
import type { CallMeta } from "./hook-call.ts";

/** The capability that makes Codex tell the folder. */
export const CODEX_CAPABILITIES = { "codex/sandbox-state-meta": {} } as const;

export interface CodexCall {
  /** The session's thread; "" if not told. */
  readonly session: string;
  /** A subagent's call: it has a thread of its own, and isn't a session. */
  readonly subagent: boolean;
  /** A run of `codex exec`: it ends with its turn. */
  readonly oneShot?: true;
  readonly dir?: string;
  /** The codex executable that runs us. */
  readonly executable?: string;
}

/** Reads the `_meta` of a model's call. */
export function readCodexCall(meta: CallMeta): CodexCall {
  const thread = text(meta?.["threadId"]);
  const session = text(meta?.["sessionId"]) || thread;
  const dir = pathOf(text(field(meta?.["codex/sandbox-state-meta"], "sandboxCwd")));
  const executable = text(field(meta?.["codex/sandbox-launcher"], "codexExecutable"));
  return {
    session,
    subagent: thread !== session,
    ...(field(meta?.["x-codex-turn-metadata"], "turn_trigger") === "exec" ? { oneShot: true } : {}),
    ...(dir === undefined ? {} : { dir }),
    ...(executable === "" ? {} : { executable }),
  };
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (Reflect.get(value, name) as unknown) : undefined;
}

function pathOf(place: string): string | undefined {
  if (!place.startsWith("file:")) return place === "" ? undefined : place;
  try {
    return fileURLToPath(place);
  } catch {
    return undefined;
  }
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
