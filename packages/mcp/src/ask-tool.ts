// A model's questions to people: the question goes out, and people's answers come back fenced.
import { newFenceTag, renderForModel, runCommand, type CommandContext } from "@agora/commands";
import type { DecisionState, Handed, QuestionState, RequestArgs } from "@agora/ipc";
import { harmlessLine, ok, type Result } from "@agora/protocol";
import { CALL_DEADLINE_MS, MAX_RESULT_BYTES } from "./limits.ts";
import type { ToolArgs } from "./tools.ts";

/** How many decisions a model is shown. */
const MAX_DECISIONS = 30;

/** Asks; with `wait` the result may contain the answer. */
export async function ask(args: ToolArgs<"ask">, around: CommandContext): Promise<Result<string>> {
  const daemon = await around.daemon();
  if (!daemon.ok) return daemon;
  const answer = await daemon.value.request("ask", requestOf(args), {
    timeoutMs: (args.wait ?? 0) * 1_000 + CALL_DEADLINE_MS,
  });
  if (!answer.ok) return answer;
  const { id, to, state, reason, notes, question } = answer.value;
  if (question?.answer !== undefined) return ok(fenced([outcomeItem(question)], around));
  if (question?.state === "refused") return ok("Nobody will answer: all who were asked refused.");
  if (question?.state === "expired" || question?.state === "withdrawn")
    return ok(
      `Nobody answered in time.${args.otherwise === undefined ? "" : " You said what you would do then; do that."}`,
    );
  const whom = to.map((name) => `@${harmlessLine(name, 40)}`).join(", ");
  const lines = [
    `Asked ${whom}, question ${id}. The answer comes to this session by itself; go on, or end the turn.`,
    ...(state === "queued" ? [`It waits for now: ${harmlessLine(reason ?? "the relay is away")}.`] : []),
    ...notes.map((note) => harmlessLine(note)),
  ];
  return ok(lines.join("\n"));
}

function requestOf(args: ToolArgs<"ask">): RequestArgs<"ask"> {
  const { text, to = [], choices = [], many, other, minutes, otherwise, wait, urgent } = args;
  return {
    via: "tool",
    text,
    to,
    ...(choices.length === 0
      ? {}
      : { choices: choices.map((label) => ({ label })), pick: many === true ? "many" : "one" }),
    ...(other === undefined ? {} : { other }),
    ...(minutes === undefined ? {} : { timeoutS: minutes * 60 }),
    ...(otherwise === undefined ? {} : { otherwise }),
    ...(wait === undefined ? {} : { waitS: wait }),
    ...(urgent === undefined ? {} : { urgent }),
  };
}

/** The grouped tool's actions about questions. */
export async function ofQuestions(
  action: "questions" | "decisions" | "withdraw",
  id: string | undefined,
  around: CommandContext,
): Promise<Result<string>> {
  if (action === "withdraw") {
    const answer = await runCommand({ name: "questions", withdraw: id }, around);
    return answer.ok ? ok(answer.lines.join("\n")) : answer;
  }
  const daemon = await around.daemon();
  if (!daemon.ok) return daemon;
  if (action === "decisions") {
    const answer = await daemon.value.request("decisions", { via: "tool", limit: MAX_DECISIONS });
    if (!answer.ok) return answer;
    const items = answer.value.decisions.toReversed().map(decisionItem);
    return ok(items.length === 0 ? "Nothing was decided yet." : fenced(items, around));
  }
  const answer = await daemon.value.request("questions", { via: "tool" });
  if (!answer.ok) return answer;
  const { asked, lately } = answer.value;
  const open = asked.map(
    ({ id: one, to, text }) => `open ${one} to ${to.map((name) => `@${name}`).join(" ")}: ${text}`,
  );
  const ended = lately
    .filter((one) => one.answer === undefined)
    .map(({ id: one, state, text }) => `${state} ${one}: ${text}`);
  const answered = lately.filter((one) => one.answer !== undefined).map(outcomeItem);
  const own = [...open, ...ended].map((line) => harmlessLine(line, 300));
  const parts = [...own, ...(answered.length === 0 ? [] : [fenced(answered.toReversed(), around)])];
  return ok(parts.length === 0 ? "No question was asked." : parts.join("\n"));
}

type Item = Handed["items"][number];

function outcomeItem({ id, thread, text, answer }: QuestionState): Item {
  const words = `The question "${harmlessLine(text, 120)}" was answered: ${answer?.words ?? ""} by @${answer?.by ?? ""} (person)`;
  return item({ id, thread, by: answer?.by ?? "", at: answer?.at ?? 0 }, "answer", words);
}

function decisionItem(decision: DecisionState): Item {
  const { title, text, asked } = decision;
  const words =
    asked === undefined
      ? `decided: ${title}${text === undefined ? "" : `\n${text}`}`
      : `${asked.text}\nanswered: ${title}`;
  return item(decision, asked === undefined ? "decision" : "answer", words);
}

function item(
  { id, thread, by, at }: Pick<DecisionState, "id" | "thread" | "by" | "at">,
  kind: string,
  text: string,
): Item {
  const line = { id, thread, author: by, role: "user" as const, kind, to: [], text, time: at, at, hop: 0, mine: false };
  return { line, again: false, asked: false };
}

function fenced(items: readonly Item[], around: CommandContext): string {
  return renderForModel(items, { tag: newFenceTag(), maxBytes: MAX_RESULT_BYTES, now: around.now() });
}
