// `remove [CHANNEL] NAME` and `admit [CHANNEL] NAME`: who may be in the room, or in one of its channels.
import type { Results } from "@agora/ipc";
import { fail, harmlessLine, ok, type Result } from "@agora/protocol";
import type { Answer, CommandContext } from "../answer.ts";
import { askDaemon, askOnce } from "../ask-daemon.ts";
import { actInChannel } from "../channels/act.ts";
import { defineCommand, type ReadHelp } from "../define-command.ts";
import type { ReadWords } from "../word-source.ts";

interface MembershipWords {
  readonly member: string;
  /** With or without `#`; without one it is about the room. */
  readonly channel?: string | undefined;
  readonly reason?: string | undefined;
  readonly refuse?: true;
}

export const remove = defineCommand({
  summary: "operator: remove a member for good and take its grants back; of a CHANNEL alone: the channel owner, too",
  words: ["[CHANNEL]", "NAME"],
  options: [{ name: "reason", value: "TEXT", summary: "why, for all to read (room only)" }],
  group: "Operate",
  example: "agora remove bob",
  who: "person",
  read: readMembership,
  run: runRemove,
});

export const admit = defineCommand({
  summary: "let in somebody who asks to be let in; with a CHANNEL: a removed member may join it again",
  words: ["[CHANNEL]", "NAME"],
  options: [{ name: "refuse", summary: "don't let them in (room only)" }],
  group: "Operate",
  example: "agora admit bob",
  who: "person",
  read: readMembership,
  run: runAdmit,
});

function readMembership({ words, options }: ReadWords, { usage }: ReadHelp): Result<MembershipWords, "usage"> {
  const [first = "", second] = words;
  const isAboutRoom = options.has("reason") || options.has("refuse");
  if (second === undefined && first.startsWith("#")) return fail("usage", `Whom? ${usage}`);
  if (second !== undefined && isAboutRoom) return fail("usage", `That is for the room, without a channel: ${usage}`);
  const member = (second ?? first).replace(/^@/, "");
  return ok({
    member,
    ...(second === undefined ? {} : { channel: first }),
    ...(options.has("reason") ? { reason: options.get("reason") } : {}),
    ...(options.has("refuse") ? { refuse: true } : {}),
  });
}

async function runRemove(
  { member, channel, reason }: MembershipWords,
  around: CommandContext,
): Promise<Answer<Results["remove"] | Results["channel"]>> {
  if (channel !== undefined) return actInChannel("remove", { channel, member }, around);
  const why = reason === undefined ? {} : { reason };
  const answer = await askOnce(around, "remove", { member, ...why });
  if (!answer.ok) return answer;
  const { member: name = member, revoked, notes = [], state } = answer.value;
  const who = `@${harmlessLine(name, 40)}`;
  const grants =
    revoked.length === 0 ? "" : `, and ${revoked.length === 1 ? "its grant" : `${revoked.length} grants`} taken back`;
  const waits = state === "queued" ? " (it holds here; the others hear of it when the relay is back)" : "";
  return {
    ok: true,
    data: answer.value,
    lines: [
      `removed ${who}: banned${grants}${waits}`,
      ...notes.map((note) => `  ${harmlessLine(note, 400)}`),
      `  ${who} keeps what it has read and the files it took: nobody can take that back. Change what it knows of passwords and tokens.`,
    ],
  };
}

async function runAdmit(
  { member: name, channel, refuse }: MembershipWords,
  around: CommandContext,
): Promise<Answer<Results["admit"] | Results["channel"]>> {
  if (channel !== undefined) return actInChannel("admit", { channel, member: name }, around);
  const more = refuse === undefined ? {} : { refuse };
  const answer = await askDaemon(around, "admit", { via: around.via, name, ...more });
  if (!answer.ok) return answer;
  const { key, admitted } = answer.value;
  const who = `@${harmlessLine(answer.value.name, 40)} (key ${key.slice(0, 8)}…)`;
  return { ok: true, data: answer.value, lines: [admitted ? `${who} is let in` : `${who} is refused`] };
}
