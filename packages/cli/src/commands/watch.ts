// `agora watch`: the room's lines as they come, until it is interrupted. A daemon that makes way for a newer one is followed.
import { PLAIN, showLine } from "@agora/commands";
import type { Client, Line, Push } from "@agora/ipc";
import type { Result } from "@agora/protocol";
import { joinedProject } from "@agora/home";
import { leaveWithParent } from "../leave-with-parent.ts";
import { withSurroundings } from "../surroundings.ts";
import { type ExitCode, print, printFailure, printJson, type Start } from "../terminal.ts";

/** Lines that are asked for again after a daemon made way, and whose ids are remembered. */
const MISSED = 100;

/** Shows lines until the daemon ends or the person interrupts. */
export async function watch(start: Start, json: boolean, project: string | undefined): Promise<ExitCode> {
  leaveWithParent();
  const ended = await withSurroundings(start, project, async (around, open) => {
    const shown = new Set<string>();
    const showOne = (line: Line): void => {
      if (shown.has(line.id)) return;
      shown.add(line.id);
      if (shown.size > MISSED) shown.delete(shown.values().next().value!);
      if (json) printJson(line);
      else print(...showLine(line, Date.now(), around.paint ?? PLAIN));
    };
    const interrupted = new Promise<"interrupted">((resolve) => {
      process.once("SIGINT", () => resolve("interrupted")).once("SIGTERM", () => resolve("interrupted"));
    });
    for (let since: number | undefined = undefined; ; since = Date.now() - 1_000) {
      const watching: Result<Watching> = await follow(await open(), showOne, json, since);
      if (!watching.ok) return watching;
      const end = await Promise.race([watching.value.ended, interrupted]);
      if (end === "moved") continue;
      return { ok: true as const, value: end, left: joinedProject(around.home, around.project) === undefined };
    }
  });
  if (!ended.ok) return printFailure(ended, json);
  if (ended.value === "interrupted") return 0;
  process.stderr.write("The daemon has ended.\n");
  return ended.left ? 3 : 1;
}

interface Watching {
  readonly ended: Promise<"gone" | "moved">;
}

/** Watches one daemon; `since`: what it wrote down from then on was missed. */
async function follow(
  opened: Result<Client>,
  show: (line: Line) => void,
  json: boolean,
  since: number | undefined,
): Promise<Result<Watching>> {
  if (!opened.ok) return opened;
  const client = opened.value;
  let moved = false;
  client.onPush((push: Push) => {
    if (push.push === "line") show(push.line);
    else if (push.push === "moved") moved = true;
    else if (push.push === "connection" && !json) {
      const { state, reason } = push.connection;
      process.stderr.write(`(${state}${reason === undefined ? "" : `: ${reason}`})\n`);
    }
  });
  const watching = await client.request("watch", {});
  if (!watching.ok) return watching;
  if (since !== undefined) {
    const missed = await client.request("history", { limit: MISSED });
    if (missed.ok) for (const line of missed.value.lines) if (line.at >= since) show(line);
  }
  return { ok: true, value: { ended: client.closed.then(() => (moved ? ("moved" as const) : ("gone" as const))) } };
}
