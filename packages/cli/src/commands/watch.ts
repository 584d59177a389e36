// `agora watch`: the room's lines as they arrive, until interrupted. When the daemon hands over to a newer one, or dies,
// watch follows: lines recorded in between are shown, none twice.
import { longTextsCut, PLAIN, showLine } from "@agora/commands";
import { joinedProject } from "@agora/user-config";
import type { Client, Line, Push } from "@agora/ipc";
import type { Result } from "@agora/protocol";
import { leaveWithParent } from "../leave-with-parent.ts";
import { withCommandContext } from "../command-context.ts";
import { type ExitCode, print, printFailure, printJson, type Start } from "../terminal.ts";

/** Rings for urgent lines. */
const BELL = "\u0007";
/** Ids remembered, in case a line comes again that a daemon hadn't recorded. */
const MAX_SHOWN = 1_000;
/** When daemons live shorter than this, several times in a row, watch gives up. */
const BRIEF_MS = 5_000;
const MAX_BRIEF = 3;

/** Shows lines until the person stops the room or interrupts. */
export async function watch(start: Start, json: boolean, project: string | undefined): Promise<ExitCode> {
  leaveWithParent();
  const interrupted = new Promise<"interrupted">((resolve) => {
    process.once("SIGINT", () => resolve("interrupted")).once("SIGTERM", () => resolve("interrupted"));
  });
  const ended = await withCommandContext(start, project, async (around, open) => {
    const lines = createLines((line) => {
      if (json) printJson(line);
      else print(...showLine(line, Date.now(), around.paint ?? PLAIN, longTextsCut("agora ")));
      if (!json && line.question?.urgent === true && process.stdout.isTTY) process.stdout.write(BELL);
    });
    for (let brief = 0; brief < MAX_BRIEF;) {
      const since = performance.now();
      const watching = await Promise.race([follow(open, lines, json), interrupted]);
      if (watching === "interrupted") return { ok: true as const, value: watching };
      const left = (): boolean => joinedProject(around.home, around.project) === undefined;
      if (!watching.ok) return left() && lines.last !== undefined ? { ok: true as const, value: "left" } : watching;
      const end = await Promise.race([watching.value.ended, interrupted]);
      if (end === "interrupted" || left()) return { ok: true as const, value: end === "interrupted" ? end : "left" };
      brief = performance.now() - since < BRIEF_MS && end === "gone" ? brief + 1 : 0;
    }
    return { ok: true as const, value: "gone" };
  });
  if (!ended.ok) return printFailure(ended, json);
  if (ended.value === "interrupted") return 0;
  process.stderr.write(ended.value === "left" ? "The room was left.\n" : "The daemon ends again and again.\n");
  return ended.value === "left" ? 3 : 1;
}

/** What was shown, so that the next daemon can be asked for what follows. */
interface Lines {
  /** The line to continue after; undefined until the first daemon has answered. */
  last: string | undefined;
  show(line: Line): void;
}

function createLines(show: (line: Line) => void): Lines {
  const shown = new Set<string>();
  const lines: Lines = {
    last: undefined,
    show(line) {
      lines.last = line.id;
      if (shown.has(line.id)) return;
      shown.add(line.id);
      if (shown.size > MAX_SHOWN) shown.delete(shown.values().next().value!);
      show(line);
    },
  };
  return lines;
}

interface Watching {
  readonly ended: Promise<"gone" | "moved">;
}

/** Watches one daemon, starting after the last line shown. */
async function follow(open: () => Promise<Result<Client>>, lines: Lines, json: boolean): Promise<Result<Watching>> {
  const opened = await open();
  if (!opened.ok) return opened;
  const client = opened.value;
  let moved = false;
  client.onPush((push: Push) => {
    if (push.push === "line") lines.show(push.line);
    else if (push.push === "moved") moved = true;
    else if (push.push === "connection" && !json) {
      const { state, reason } = push.connection;
      process.stderr.write(`(${state}${reason === undefined ? "" : `: ${reason}`})\n`);
    }
  });
  const ended = client.closed.then(() => (moved ? ("moved" as const) : ("gone" as const)));
  const after = lines.last;
  const watching = await client.request("watch", after === undefined ? {} : { after });
  if (!watching.ok) {
    const hasEnded = watching.code === "gone" || watching.code === "moved";
    return hasEnded ? { ok: true, value: { ended } } : watching;
  }
  lines.last ??= watching.value.last;
  if (watching.value.cut === true) process.stderr.write("(more was said meanwhile than is shown: agora history)\n");
  return { ok: true, value: { ended } };
}
