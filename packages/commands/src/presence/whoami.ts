// `whoami`: this project's member.
import type { Results } from "@agora/ipc";
import type { Answer, CommandContext } from "../answer.ts";
import { askDaemon } from "../ask-daemon.ts";
import { defineCommand } from "../define-command.ts";
import { showAllowed } from "../inbox/allow.ts";
import { showPlace } from "../inbox/mode.ts";
import { noWords } from "../read-value.ts";
import { showDevices } from "./who.ts";

export const whoami = defineCommand({
  summary: "your name, key, room and mode",
  words: [],
  options: [],
  group: "Room",
  example: "agora whoami",
  looks: true,
  read: noWords,
  run,
});

async function run(_: object, around: CommandContext): Promise<Answer<Results["whoami"]>> {
  const answer = await askDaemon(around, "whoami", {});
  if (!answer.ok) return answer;
  const { name, seat, room, relay, mode, grant, key, devices, allow, places = [] } = answer.value;
  const as = seat === undefined ? name : `${name}/${seat}`;
  const rules = [...places.map(showPlace), ...(allow === undefined ? [] : showAllowed(allow))];
  return {
    ok: true,
    data: answer.value,
    lines: [
      `${as} in ${room} at ${relay} (mode=${mode}${grant === undefined ? "" : `, ${grant}`})`,
      `  key ${key}`,
      ...(devices === undefined ? [] : [`  here on ${showDevices(devices)}`]),
      ...rules.map((rule) => `  ${rule}`),
    ],
  };
}
