// `agora watch`: the room's lines as they come, until it is interrupted.
import { PLAIN, showLine } from "@agora/commands";
import type { Push } from "@agora/ipc";
import { withSurroundings } from "../surroundings.ts";
import { type ExitCode, print, printFailure, printJson, type Start } from "../terminal.ts";

/** Shows lines until the daemon ends or the person interrupts. */
export async function watch(start: Start, json: boolean, project: string | undefined): Promise<ExitCode> {
  const ended = await withSurroundings(start, project, async (around, open) => {
    const daemon = await open();
    if (!daemon.ok) return daemon;
    const client = daemon.value;
    const show = (push: Push): void => {
      if (push.push === "line") {
        if (json) printJson(push.line);
        else print(...showLine(push.line, Date.now(), around.paint ?? PLAIN));
      } else if (push.push === "connection" && !json) {
        const { state, reason } = push.connection;
        process.stderr.write(`(${state}${reason === undefined ? "" : `: ${reason}`})\n`);
      }
    };
    client.onPush(show);
    const watching = await client.request("watch", {});
    if (!watching.ok) return watching;
    const interrupted = new Promise<"interrupted">((resolve) => {
      process.once("SIGINT", () => resolve("interrupted")).once("SIGTERM", () => resolve("interrupted"));
    });
    const end = await Promise.race([client.closed.then(() => "gone" as const), interrupted]);
    return { ok: true as const, value: end };
  });
  if (!ended.ok) return printFailure(ended, json);
  if (ended.value === "interrupted") return 0;
  process.stderr.write("The daemon has ended.\n");
  return 1;
}
