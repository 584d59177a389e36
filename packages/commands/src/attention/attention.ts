// `attention`: who waits for this person, most urgent first, with the command that answers each.
import type { AttentionItem, Results } from "@agora/ipc";
import { harmlessLine } from "@agora/protocol";
import type { Answer, CommandContext, Paint } from "../answer.ts";
import { askDaemon } from "../ask-daemon.ts";
import { defineCommand } from "../define-command.ts";
import { noWords } from "../read-value.ts";
import { PLAIN, shortId, showAuthor, showSpan, showTime } from "../show.ts";

export const attention = defineCommand({
  summary: "who waits for you, most urgent first",
  words: [],
  options: [],
  group: "Talk",
  example: "agora attention",
  looks: true,
  read: noWords,
  run,
});

async function run(_: object, around: CommandContext): Promise<Answer<Results["attention"]>> {
  const answer = await askDaemon(around, "attention", { via: around.via });
  if (!answer.ok) return answer;
  const { items, count } = answer.value;
  const paint = around.paint ?? PLAIN;
  const more = count - items.length;
  return {
    ok: true,
    data: answer.value,
    lines:
      items.length === 0
        ? ["nothing waits for you"]
        : [
            ...items.flatMap((item) => showAttention(item, around.now(), paint, around.prefix)),
            ...(more > 0 ? [paint.dim(`(and ${more} more)`)] : []),
          ],
  };
}

/** `bob/claude asks · urgent · 4 min · blocks bob`, its text, and what to type. */
export function showAttention(item: AttentionItem, now: number, paint: Paint, prefix: string): string[] {
  const { from, seat, kind, text, since, deadline, urgent, blocks, channel, reason } = item;
  const facts = [
    KIND_WORDS[kind],
    ...(urgent === true ? [paint.bad("urgent")] : []),
    ...(channel === undefined ? [] : [`in #${harmlessLine(channel, 40)}`]),
    showSpan(now - since),
    ...(deadline === undefined ? [] : [`until ${showTime(deadline, now)}`]),
    ...(blocks === undefined ? [] : [`blocks ${blocks.map((name) => harmlessLine(name, 60)).join(", ")}`]),
    ...(reason === undefined ? [] : [harmlessLine(reason, 80)]),
  ];
  const act = actOf(item);
  return [
    `${paint.name(showAuthor(from, seat))} ${facts.join(" · ")}`,
    ...(text === "" ? [] : [`  ${harmlessLine(text, 200)}`]),
    paint.dim(`  ${act === undefined ? "in that session's own window" : `${prefix}${act}`}`),
  ];
}

const KIND_WORDS: Readonly<Record<AttentionItem["kind"], string>> = {
  mention: "writes to you",
  question: "asks you",
  budget: "asks whether a chain may go on",
  permission: "waits for you",
  guest: "asks to be let in",
  device: "another device asks to be yours",
  note: "for you to do",
  unanswered: "nobody has answered",
};

/** What the person types about it; undefined where only the session itself can be answered. */
function actOf({ kind, id, thread, from }: AttentionItem): string | undefined {
  const short = shortId(id);
  switch (kind) {
    case "mention":
      return `accept ${shortId(thread ?? id)} · reject ${shortId(thread ?? id)}`;
    case "question":
      return `answer ${short} CHOICE or TEXT · reject ${short}`;
    case "budget":
      return `more ${shortId(thread ?? id)} · reject ${shortId(thread ?? id)}`;
    case "guest":
      return `admit ${harmlessLine(from, 40)}`;
    case "device":
      return `link ${short}`;
    case "note":
      return `reject ${shortId(thread ?? id)}`;
    case "unanswered":
      return `withdraw ${short}`;
    case "permission":
      return undefined;
  }
}
