// tools-bytes, primer-bytes, message-overhead: what a model pays for the room, as the client is given it.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { openRoomServer } from "./mcp-client.ts";
import { openPair, pluginRoot } from "./pair.ts";
import type { Row } from "./row.ts";

const MAX_TOOLS_BYTES = 6_000;
const MAX_PRIMER_BYTES = 1_200;
const MAX_OVERHEAD_BYTES = 120;
const MESSAGES = 10;
const TEXT = "a message of some length, as people write them";

/** Measures the bytes. */
export async function modelBytes(): Promise<Row[]> {
  await using pair = await openPair();
  const { env, project } = pair.alice;
  const started = execFileSync(process.execPath, [join(pluginRoot, "dist", "agora.mjs"), "hook", "session-start"], {
    env,
    cwd: project,
    input: JSON.stringify({ session_id: "bench", source: "startup" }),
  });
  const primer = contextOf(started.toString());
  await using room = await openRoomServer(pair.alice);
  const tools = JSON.stringify(await room.client.listTools());
  await pair.say(MESSAGES, TEXT);
  const prompt = { event: "UserPromptSubmit", prompt: "go on", session: "bench", promptId: "p", agentId: "", tool: "" };
  const shown = contextOf(await room.call("hook", prompt));
  const overhead = (Buffer.byteLength(shown) - MESSAGES * Buffer.byteLength(TEXT)) / MESSAGES;
  return [
    row("tools-bytes", Buffer.byteLength(tools), MAX_TOOLS_BYTES, "the tools list"),
    row("primer-bytes", Buffer.byteLength(primer), MAX_PRIMER_BYTES, "the context at a session's start"),
    row(
      "message-overhead",
      overhead,
      MAX_OVERHEAD_BYTES,
      `around each of ${MESSAGES} messages, the batch's warning included`,
    ),
  ];
}

function contextOf(answer: string): string {
  const { hookSpecificOutput } = JSON.parse(answer) as { hookSpecificOutput?: { additionalContext?: string } };
  const context = hookSpecificOutput?.additionalContext;
  if (context === undefined) throw new Error(`No context: ${answer.slice(0, 200)}`);
  return context;
}

function row(name: string, bytes: number, most: number, what: string): Row {
  return { name, ratio: bytes / most, goal: 1, better: "lower", why: `${what}: ${Math.round(bytes)} of ${most} bytes` };
}
