// Questions and decisions as a person reads them.
import type { DecisionState, QuestionState } from "@agora/ipc";
import { harmlessLine } from "@agora/protocol";
import type { Paint } from "./answer.ts";
import { shortId, showAuthor, showSpan, showText, showTime } from "./show.ts";

/** A question as lines: who asks what, its state, what can be picked. */
export function showQuestion(question: QuestionState, now: number, paint: Paint): string[] {
  const { from, seat, role, at, id, text, otherwise, state } = question;
  const who = question.mine ? `${showAuthor(from, seat)} (you)` : showAuthor(from, seat);
  const facts = [
    `question ${shortId(id)}`,
    ...(question.urgent === true ? ["urgent"] : []),
    ...(question.forMe ? [] : [`to ${question.to.map((name) => `@${harmlessLine(name, 40)}`).join(" ")}`]),
    standing(question, now),
  ];
  const heading = `${paint.dim(showTime(at, now))} ${paint.name(who)}${role === "agent" ? " (agent)" : ""} ${paint.dim(facts.join(" · "))}`;
  return [
    heading,
    ...showText(text),
    ...(state === "open" ? showChoices(question) : []),
    ...(otherwise === undefined || state !== "open"
      ? []
      : [paint.dim(`  without an answer: ${harmlessLine(otherwise)}`)]),
    ...answers(question),
  ];
}

/** The state of a question, in a few words. */
function standing({ state, expires, leftMs }: QuestionState, now: number): string {
  if (state === "sent") return "your answer is on its way";
  if (state !== "open") return state;
  return expires === undefined ? "open" : `open, ${showSpan(leftMs ?? expires - now)} left`;
}

/** All choices, numbered. */
function showChoices({ choices = [], pick, other }: QuestionState): string[] {
  const lines = choices.map(({ label, about }, i) => {
    const more = about === undefined ? "" : ` (${harmlessLine(about)})`;
    return `  ${i + 1} ${harmlessLine(label)}${more}`;
  });
  if (pick === "text") return ["  (answer in your own words)"];
  const how = pick === "one" ? "one of them" : "one or more, with commas";
  return [...lines, `  (${how}${other === true ? ", or your own words" : ""})`];
}

function answers({ answer, late = [] }: QuestionState): string[] {
  const one = answer === undefined ? [] : [`  → ${harmlessLine(answer.words)} by @${harmlessLine(answer.by, 40)}`];
  return [...one, ...late.map(({ words, by }) => `  too late: ${harmlessLine(words)} by @${harmlessLine(by, 40)}`)];
}

/** One decision: by whom, on which question. */
export function showDecision(
  { by, at, thread, title, text, asked }: DecisionState,
  now: number,
  paint: Paint,
): string[] {
  const about = asked === undefined ? "decided" : `answered ${showAuthor(asked.from, asked.seat)}`;
  const heading = `${paint.dim(showTime(at, now))} ${paint.name(harmlessLine(by, 60))} ${about} ${paint.dim(`thread ${shortId(thread)}`)}`;
  if (asked === undefined) return [heading, ...showText(title), ...showText(text ?? "")];
  return [heading, ...showText(asked.text), `  → ${harmlessLine(title)}`];
}
