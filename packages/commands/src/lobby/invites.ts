// `invites`: the invites made here, who came by which, and who asks to be let in.
import type { KnownInvite, Results, WaitingGuest } from "@agora/ipc";
import { harmlessLine, ok } from "@agora/protocol";
import type { Answer, CommandContext } from "../answer.ts";
import { askDaemon } from "../ask-daemon.ts";
import { defineCommand } from "../define-command.ts";
import { showTime } from "../show.ts";

export const invites = defineCommand({
  summary: "the invites made here, who came by them, and who asks to be let in",
  words: [],
  options: [],
  group: "Room",
  example: "agora invites",
  read: () => ok({}),
  run,
});

async function run(_: object, around: CommandContext): Promise<Answer<Results["invites"]>> {
  // A person who reads the list has read who came with an invite that was used.
  const isPerson = around.via === "cli" || around.via === "hook";
  const answer = await askDaemon(around, "invites", { via: around.via, ...(isPerson ? { read: true } : {}) });
  if (!answer.ok) return answer;
  const { invites: all, waiting, mayInvite } = answer.value;
  const now = around.now();
  const none = mayInvite ? "no invites were made here" : "no invites were made here: only the owner and operators can";
  return {
    ok: true,
    data: answer.value,
    lines: [
      ...(all.length === 0 ? [none] : all.flatMap((invite) => showInvite(invite, now))),
      ...waiting.map((guest) => showWaiting(guest, around.prefix)),
    ],
  };
}

function showInvite(
  { id, name, by, ask, grant, uses, used, expires, ended, beyond }: KnownInvite,
  now: number,
): string[] {
  const whom = name === undefined ? (ask === true ? "whoever asks" : "whoever has it") : `@${harmlessLine(name, 40)}`;
  const facts = [
    ...(grant === "member" ? [] : [grant]),
    ...(name === undefined ? [`${used.length} of ${uses} used`] : used.length > 0 ? ["used"] : ["not used yet"]),
    ...(name === undefined && used.length > 0 ? [used.map((one) => `@${harmlessLine(one, 40)}`).join(", ")] : []),
    ...(by === undefined ? [] : [`@${harmlessLine(by, 40)} lets in`]),
    ...(ended === undefined ? [] : [ended === "used" ? "used up" : ended]),
    ...(expires === undefined || ended !== undefined ? [] : [`until ${showTime(expires, now)}`]),
  ];
  return [
    `  ${harmlessLine(id, 64)}  for ${whom}: ${facts.join(" · ")}`,
    ...beyond.map(
      (one) =>
        `    somebody else has it: @${harmlessLine(one.name, 40)} (key ${one.key.slice(0, 8)}…) came after its last use, ${showTime(one.at, now)}`,
    ),
  ];
}

function showWaiting({ name, key, text }: WaitingGuest, prefix: string): string {
  const who = harmlessLine(name, 40);
  const said = text === undefined ? "" : `: "${harmlessLine(text, 200)}"`;
  return `  @${who} (key ${key.slice(0, 8)}…) asks to be let in${said} (${prefix}admit ${who}, or ${prefix}admit ${who} --refuse)`;
}
