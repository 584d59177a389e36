// `stop`: leaves the room and stops the daemon. It stays stopped until a person starts it again.
import { editProject, findProject } from "@agora/user-config";
import type { Answer, CommandContext } from "../answer.ts";
import { defineCommand } from "../define-command.ts";
import { endDaemon } from "../end-daemon.ts";
import { noWords } from "../read-value.ts";

/** `name` and `room`: of this project's member. */
interface StopResult {
  readonly stopped: boolean;
  readonly name?: string;
  readonly room?: string;
}

export const stop = defineCommand({
  summary: "leave the room and end the project's daemon",
  words: [],
  options: [],
  group: "Room",
  example: "agora stop",
  launches: true,
  read: noWords,
  run,
});

async function run(_: object, around: CommandContext): Promise<Answer<StopResult>> {
  const place = findProject(around.home, around.project);
  if (!place.ok) return place;
  const project = place.value.project;
  if (project === undefined || project.path !== around.project) {
    return { ok: true, data: { stopped: false }, lines: ["this project is not in a room"] };
  }
  // Update the registry first: no hook may start the daemon again behind our back.
  const edited = await editProject(around.home, project.path, { joined: false });
  if (!edited.ok) return edited;
  const ended = await endDaemon(around);
  if (!ended.ok) return ended;
  const { name, room } = project;
  const lines =
    project.joined || ended.value
      ? [`left ${room}; ${around.prefix}start comes back as ${name}`]
      : [`${name} had left ${room} before`];
  return { ok: true, data: { stopped: project.joined || ended.value, name, room }, lines };
}
