// `update`: says how this version is replaced, and restarts the daemon so that it runs the code that is there now.
import { editProject, findProject } from "@agora/home";
import type { Answer, AnswerData, Surroundings } from "../answer.ts";
import { endDaemon } from "../end-daemon.ts";
import { READY_TIMEOUT_MS } from "./start.ts";

const HOW: readonly string[] = [
  "as a Claude Code plugin: claude plugin marketplace update agora, then claude plugin update agora@agora, then restart the session",
  "as a clone: git pull",
];

export async function update(around: Surroundings): Promise<Answer<AnswerData["update"]>> {
  const place = findProject(around.home, around.project);
  if (!place.ok) return place;
  const joined = place.value.project?.joined === true;
  if (joined) {
    const ended = await endDaemon(around);
    if (!ended.ok) return ended;
    // A stop leaves the room for good; this one is a pause.
    const edited = await editProject(around.home, place.value.path, { joined: true });
    if (!edited.ok) return edited;
    const daemon = await around.daemon();
    if (!daemon.ok) return daemon;
    const ready = await daemon.value.request(
      "ready",
      { timeoutMs: READY_TIMEOUT_MS },
      { timeoutMs: READY_TIMEOUT_MS * 2 },
    );
    if (!ready.ok) return ready;
  }
  const restarted = joined ? "the daemon was restarted" : "this project is in no room: there was no daemon to restart";
  return {
    ok: true,
    data: { version: around.version, restarted: joined, how: HOW },
    lines: [`agora ${around.version}; ${restarted}`, "to get a newer version:", ...HOW.map((line) => `  ${line}`)],
  };
}
