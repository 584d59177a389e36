// `leave #x`, `topic #x TEXT`: leaving a channel, and managing one. `remove` and `admit` are about the room, too: they stand in
// controls/membership.ts.
import type { RequestArgs, Results } from "@agora/ipc";
import { fail, harmlessLine, newId, ok, type Result } from "@agora/protocol";
import type { Answer, CommandContext } from "../answer.ts";
import { askDaemon } from "../ask-daemon.ts";
import { defineCommand } from "../define-command.ts";
import { isBlank } from "../read-value.ts";
import { showMembers } from "./channels.ts";

type Act = RequestArgs<"channel">["act"];
type Role = NonNullable<RequestArgs<"channel">["role"]>;

export interface ChannelWords {
  /** With or without `#`. */
  readonly channel: string;
  /** The topic. */
  readonly text?: string | undefined;
  readonly member?: string | undefined;
  readonly role?: Role;
}

export const leave = defineCommand({
  summary: "leave a channel",
  words: ["CHANNEL"],
  options: [],
  group: "Talk",
  example: "agora leave build",
  read: ({ words }): Result<ChannelWords, "usage"> => ok({ channel: words[0]! }),
  run: (words, around) => run("leave", words, around),
});

export const topic = defineCommand({
  summary: "set a channel's topic, or take it away: the channel owner, an operator or a lead",
  words: ["CHANNEL"],
  text: "[TEXT]",
  options: [],
  group: "Talk",
  example: "agora topic build what breaks",
  read: ({ words, text }): Result<ChannelWords, "usage"> =>
    ok({ channel: words[0]!, ...(isBlank(text) ? {} : { text }) }),
  run: (words, around) => run("topic", words, around),
});

export const role = defineCommand({
  summary: "let a member only read in a channel, or speak again: the channel owner, an operator or a lead",
  words: ["CHANNEL", "NAME", "ROLE"],
  options: [],
  more: "ROLE is observer or member.",
  group: "Operate",
  example: "agora role build bob observer",
  who: "person",
  read: ({ words: [channel = "", name = "", word] }): Result<ChannelWords, "usage"> =>
    word === "observer" || word === "member"
      ? ok({ channel, member: name.replace(/^@/, ""), role: word })
      : fail("usage", `The role is observer or member: role ${channel.slice(0, 40)} ${name.slice(0, 40)} observer.`),
  run: (words, around) => run("role", words, around),
});

interface ArchiveWords {
  readonly channel: string;
  readonly undo?: true;
}

export const archive = defineCommand({
  summary: "let nobody speak in a channel any more: the channel owner, an operator or a lead",
  words: ["CHANNEL"],
  options: [{ name: "undo", summary: "open it again" }],
  group: "Operate",
  example: "agora archive build",
  who: "person",
  read: ({ words, options }): Result<ArchiveWords, "usage"> =>
    ok({ channel: words[0]!, ...(options.has("undo") ? { undo: true } : {}) }),
  run: ({ channel, undo }, around) => run(undo === true ? "reopen" : "archive", { channel }, around),
});

async function run(act: Act, words: ChannelWords, around: CommandContext): Promise<Answer<Results["channel"]>> {
  const answer = await doInChannel(act, words, around);
  return answer.ok ? { ok: true, data: answer.value, lines: showDone(answer.value, words.member, words.role) } : answer;
}

/** Asks the daemon for one act in a channel. */
export function doInChannel(
  act: Act,
  { channel: name, text, member, role }: ChannelWords,
  around: CommandContext,
): ReturnType<typeof askDaemon<"channel">> {
  return askDaemon(around, "channel", {
    via: around.via,
    once: newId(),
    act,
    channel: name,
    ...(text === undefined ? {} : { text }),
    ...(member === undefined ? {} : { member }),
    ...(role === undefined ? {} : { role }),
  });
}

/** What was done, in lines; `member` is whom it was done to. */
export function showDone(done: Results["channel"], member?: string, role?: Role): readonly string[] {
  const waits = done.state === "queued" ? [`  the others hear of it later (${harmlessLine(done.reason ?? "")})`] : [];
  const notes = done.notes.map((note) => `  ${harmlessLine(note)}`);
  return [sentence(done, member, role), ...waits, ...notes];
}

/** Does something in a channel. */
export const actInChannel = run;

function sentence(
  { act, channel: name, members, topic, unchanged }: Results["channel"],
  member = "",
  role: Role = "member",
): string {
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
    case "role":
      return `@${harmlessLine(member.replace(/^@/, ""), 40)} ${role === "observer" ? "only reads" : "may speak"} in #${name}`;
    case "archive":
      return `#${name} is archived: nobody speaks there any more`;
    case "reopen":
      return `#${name} is open again`;
  }
}
