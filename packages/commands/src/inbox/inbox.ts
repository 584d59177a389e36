// `inbox`: what is waiting for the person.
import type { InboxItem } from "@agora/ipc";
import type { Results } from "@agora/ipc";
import { harmlessLine } from "@agora/protocol";
import type { Answer, Paint, CommandContext } from "../answer.ts";
import { askDaemon } from "../ask-daemon.ts";
import { defineCommand } from "../define-command.ts";
import { noWords } from "../read-value.ts";
import { showQuestion } from "../show-question.ts";
import { PLAIN, shortId, showAuthor, showFile, showText, showTime } from "../show.ts";

const PREVIEW_CHARS = 2_000;
/** The longest reason shown in a heading. */
const SHORT_REASON_CHARS = 200;

export const inbox = defineCommand({
  summary: "what waits for you",
  words: [],
  options: [],
  group: "Talk",
  example: "agora inbox",
  looks: true,
  read: noWords,
  run,
});

async function run(_: object, around: CommandContext): Promise<Answer<Results["inbox"]["items"]>> {
  const answer = await askDaemon(around, "inbox", { via: around.via });
  if (!answer.ok) return answer;
  const { items } = answer.value;
  const paint = around.paint ?? PLAIN;
  const lines = items.flatMap((item) => showItem(item, around.now(), paint, around.prefix));
  const card = items.find((item) => item.kind === "card");
  if (card !== undefined) {
    const id = shortId(card.thread);
    lines.push(paint.dim(`${around.prefix}more ${id} · ${around.prefix}reject ${id}`));
  }
  const asked = items.find((item) => item.kind === "question");
  if (asked !== undefined) {
    const id = shortId(asked.id);
    lines.push(paint.dim(`${around.prefix}answer ${id} CHOICE or TEXT · ${around.prefix}reject ${id}`));
  }
  const open = items.find((item) => item.state === "open" && item.kind === undefined);
  if (open !== undefined) {
    const id = shortId(open.thread);
    lines.push(
      paint.dim(`${around.prefix}accept ${id} · ${around.prefix}reject ${id} · ${around.prefix}append ${id} TEXT`),
    );
  }
  return { ok: true, data: items, lines: items.length === 0 ? ["nothing waits in the inbox"] : lines };
}

/** One item: who, when, which thread, in which state; then its text, up to a limit. */
export function showItem(item: InboxItem, now: number, paint: Paint, prefix: string): string[] {
  if (item.question !== undefined) return showQuestion(item.question, now, paint);
  if (item.rejected === true) return showRejected(item, now, paint);
  const role = item.role === "agent" ? " (agent)" : "";
  const facts = [
    ...(item.kind === "card" ? ["a question to you"] : []),
    `thread ${shortId(item.thread)}`,
    ...(item.channel === undefined ? [] : [`in #${harmlessLine(item.channel, 40)}`]),
    ...(item.state === "open"
      ? []
      : [item.seat === undefined ? item.state : `${item.state}, ${harmlessLine(item.seat, 40)}`]),
    ...(item.reason === undefined ? [] : [harmlessLine(item.reason)]),
    ...(item.answers === undefined ? [] : [`answers ${shortId(item.answers)}`]),
  ];
  return [
    `${paint.dim(showTime(item.at, now))} ${paint.name(showAuthor(item.from, undefined))}${role} ${paint.dim(facts.join(" · "))}`,
    ...showText(item.text, PREVIEW_CHARS),
    ...(item.text.length > PREVIEW_CHARS ? [`  (all of it: ${prefix}history --thread ${shortId(item.thread)})`] : []),
    ...(item.file === undefined ? [] : [`  file ${showFile(item.file)}`]),
  ];
}

/** `rejected by @bob: not this week`: what became of a request of our own. */
function showRejected(item: InboxItem, now: number, paint: Paint): string[] {
  const facts = [`thread ${shortId(item.thread)}`, `rejects ${shortId(item.answers ?? "")}`];
  const by = `${paint.bad("rejected by")} ${paint.name(`@${showAuthor(item.from, undefined)}`)}`;
  const isShort = item.text.length <= SHORT_REASON_CHARS && !/[\r\n]/.test(item.text);
  const reason = item.text === "rejected" ? "" : isShort ? `: ${harmlessLine(item.text, SHORT_REASON_CHARS)}` : ":";
  return [
    `${paint.dim(showTime(item.at, now))} ${by}${reason} ${paint.dim(facts.join(" · "))}`,
    ...(isShort ? [] : showText(item.text, PREVIEW_CHARS)),
  ];
}
