// `agora rooms`: the rooms of this person's projects on this machine, and what waits in each.
import { viaOfShell } from "@agora/commands";
import { type HubRoom, openHub } from "@agora/ipc";
import { harmlessLine } from "@agora/protocol";
import { terminalHome } from "../terminal-home.ts";
import { type ExitCode, print, printFailure, printJson, type Start } from "../terminal.ts";
import { VERSION } from "../version.ts";

/** Prints them; those that were left come last. */
export async function rooms(start: Start, json: boolean): Promise<ExitCode> {
  const home = terminalHome(start);
  if (!home.ok) return printFailure(home, json);
  const via = viaOfShell(start.env);
  const { env, entry: bundle } = start;
  const hub = await openHub({ home: home.value, version: VERSION, bundle, env, byPerson: via === "cli" });
  if (!hub.ok) return printFailure(hub, json);
  try {
    const answer = await hub.value.request("rooms", { via });
    if (!answer.ok) return printFailure(answer, json);
    const { rooms: all } = answer.value;
    if (json) printJson({ rooms: all });
    else print(...(all.length === 0 ? ["no project of yours is in a room: agora start joins one"] : all.map(shown)));
    return 0;
  } finally {
    hub.value.close();
  }
}

/** `lobby as alice: 2 wait for you · joined · /home/alice/shop`. */
function shown({ room, name, project, state, connection, waits }: HubRoom): string {
  const how =
    state === "stopped"
      ? "left, agora start joins again"
      : state === "away"
        ? "its daemon is away"
        : (connection ?? "here");
  const count = waits === 0 ? "nothing waits" : waits === 1 ? "1 waits for you" : `${waits} wait for you`;
  return `${harmlessLine(room, 60)} as ${name}: ${state === "here" ? `${count} · ` : ""}${how} · ${harmlessLine(project, 400)}`;
}
