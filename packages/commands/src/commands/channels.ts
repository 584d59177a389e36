// `channels`, `join #x`, `leave #x`, `topic #x TEXT`, `remove #x NAME`, `admit #x NAME`: the places inside the room.
import type { ChannelState, Results } from "@agora/ipc";
import { harmlessLine, newId } from "@agora/protocol";
import type { Answer, AnswerData, CommandContext } from "../answer.ts";
import { askDaemon } from "../ask-daemon.ts";
import type { ChannelCommandName, CommandOf } from "../command.ts";
import { PLAIN } from "../show.ts";

/** Members that are named one by one. */
const MAX_NAMED = 12;

export async function channels(around: CommandContext): Promise<Answer<AnswerData["channels"]>> {
  const answer = await askDaemon(around, "channels", {});
  if (!answer.ok) return answer;
  const all = answer.value.channels;
  const lines = all.flatMap((one) => showChannel(one, around));
  const empty = `there is no channel here now: ${around.prefix}join NAME opens one`;
  return { ok: true, data: all, lines: lines.length === 0 ? [empty] : lines };
}

function showChannel(channel: ChannelState, around: CommandContext): string[] {
  const paint = around.paint ?? PLAIN;
  const { name, joined, unread, topic, convener, members, removed = [] } = channel;
  const about = [
    joined ? "you are in it" : "not joined",
    ...(unread > 0 ? [`${unread} unread`] : []),
    ...(convener === undefined ? [] : [`convener @${harmlessLine(convener, 40)}`]),
  ];
  return [
    `${paint.name(`#${name}`)} (${about.join(", ")})${topic === undefined ? "" : `: ${harmlessLine(topic)}`}`,
    `  ${paint.dim(members.length === 0 ? "nobody is here" : showMembers(members))}`,
    ...(removed.length === 0 ? [] : [paint.bad(`  removed, and listening all the same: ${showMembers(removed)}`)]),
  ];
}

function showMembers(members: readonly string[]): string {
  const more = members.length > MAX_NAMED ? ` and ${members.length - MAX_NAMED} more` : "";
  return (
    members
      .slice(0, MAX_NAMED)
      .map((name) => `@${harmlessLine(name, 40)}`)
      .join(" ") + more
  );
}

export async function channel(
  command: CommandOf<ChannelCommandName>,
  around: CommandContext,
): Promise<Answer<Results["channel"]>> {
  const { name: act, channel: name, text, member } = command;
  const answer = await askDaemon(around, "channel", {
    via: around.via,
    once: newId(),
    act,
    channel: name,
    ...(text === undefined ? {} : { text }),
    ...(member === undefined ? {} : { member }),
  });
  if (!answer.ok) return answer;
  const done = answer.value;
  const waits = done.state === "queued" ? [`  the others hear of it later (${harmlessLine(done.reason ?? "")})`] : [];
  const notes = done.notes.map((note) => `  ${harmlessLine(note)}`);
  return { ok: true, data: done, lines: [sentence(done, member), ...waits, ...notes] };
}

function sentence({ act, channel: name, members, topic, unchanged }: Results["channel"], member = ""): string {
  const about = topic === undefined ? "" : `: ${harmlessLine(topic)}`;
  switch (act) {
    case "open":
      return `opened #${name}${about}`;
    case "join":
      return `${unchanged === true ? "in" : "joined"} #${name}${about} (${showMembers(members)})`;
    case "leave":
      return `left #${name}`;
    case "topic":
      return `the topic of #${name} is set`;
    case "remove":
      return `removed @${harmlessLine(member.replace(/^@/, ""), 40)} from #${name}`;
    case "admit":
      return `@${harmlessLine(member.replace(/^@/, ""), 40)} may join #${name} again`;
  }
}
