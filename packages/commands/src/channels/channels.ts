// `channels`: the room's channels, who is in each and what is unread.
import type { ChannelState, Results } from "@agora/ipc";
import { harmlessLine } from "@agora/protocol";
import type { Answer, CommandContext } from "../answer.ts";
import { askDaemon } from "../ask-daemon.ts";
import { defineCommand } from "../define-command.ts";
import { noWords } from "../read-value.ts";
import { PLAIN } from "../show.ts";

/** How many members are named one by one. */
const MAX_NAMED = 12;

export const channels = defineCommand({
  summary: "the channels of the room: who is in them, topic, unread",
  words: [],
  options: [],
  group: "Talk",
  example: "agora channels",
  looks: true,
  read: noWords,
  run,
});

async function run(_: object, around: CommandContext): Promise<Answer<Results["channels"]["channels"]>> {
  const answer = await askDaemon(around, "channels", {});
  if (!answer.ok) return answer;
  const all = answer.value.channels;
  const lines = all.flatMap((one) => showChannel(one, around));
  const empty = `there is no channel here now: ${around.prefix}join NAME opens one`;
  return { ok: true, data: all, lines: lines.length === 0 ? [empty] : lines };
}

function showChannel(channel: ChannelState, around: CommandContext): string[] {
  const paint = around.paint ?? PLAIN;
  const { name, joined, unread, topic, owner, members, removed = [], observers = [], archived } = channel;
  const about = [
    joined ? "you are in it" : "not joined",
    ...(archived === true ? ["archived"] : []),
    ...(unread > 0 ? [`${unread} unread`] : []),
    ...(owner === undefined ? [] : [`channel owner @${harmlessLine(owner, 40)}`]),
  ];
  return [
    `${paint.name(`#${name}`)} (${about.join(", ")})${topic === undefined ? "" : `: ${harmlessLine(topic)}`}`,
    `  ${paint.dim(members.length === 0 ? "nobody is here" : showMembers(members))}`,
    ...(observers.length === 0 ? [] : [paint.dim(`  only reading: ${showMembers(observers)}`)]),
    ...(removed.length === 0 ? [] : [paint.bad(`  removed, and listening all the same: ${showMembers(removed)}`)]),
  ];
}

/** The names, up to a limit. */
export function showMembers(members: readonly string[]): string {
  const more = members.length > MAX_NAMED ? ` and ${members.length - MAX_NAMED} more` : "";
  return (
    members
      .slice(0, MAX_NAMED)
      .map((name) => `@${harmlessLine(name, 40)}`)
      .join(" ") + more
  );
}
