// `ask @name TEXT` and `escalate TEXT`: a form that a person answers.
import type { Results } from "@agora/ipc";
import { fail, harmlessLine, newId, ok, type Result } from "@agora/protocol";
import type { Answer, CommandContext } from "../answer.ts";
import { askDaemon } from "../ask-daemon.ts";
import { defineCommand, type OptionWord, type ReadHelp } from "../define-command.ts";
import { isBlank, MAX_WAIT_S, readNumber, readSpan } from "../read-value.ts";
import { THREAD } from "../shared-options.ts";
import { shortId, showSpan } from "../show.ts";
import type { ReadWords } from "../word-source.ts";

const REQUEST_MS = 30_000;

/** A question to people; without choices it is answered in free text. */
interface AskWords {
  /** Names without `@`; empty means this member's own person, or the owner. */
  readonly to: readonly string[];
  readonly text: string;
  readonly choices: readonly string[];
  readonly many: boolean;
  readonly other: boolean;
  readonly timeoutS?: number | undefined;
  readonly otherwise?: string | undefined;
  readonly thread?: string | undefined;
  /** How long the command waits for the answer, seconds. */
  readonly waitS?: number | undefined;
}

const OPTIONS: readonly OptionWord[] = [
  { name: "choice", value: "LABEL", summary: "something to pick; give it for each choice", repeats: true },
  { name: "many", summary: "several of the choices may be picked" },
  { name: "other", summary: "own words will do as well" },
  { name: "timeout", value: "SPAN", summary: "how long it is open, such as 90s, 10m, 2h, 1d (default: 1d)" },
  { name: "otherwise", value: "TEXT", summary: "what you do when nobody answers" },
  { name: "wait", value: "S", summary: "wait so many seconds for the answer" },
  THREAD,
];

export const ask = defineCommand({
  summary: "ask people a question that they answer by picking or writing",
  words: [],
  text: "TEXT",
  addressed: true,
  options: OPTIONS,
  group: "Decide",
  example: "agora ask @alice --choice Postgres --choice SQLite Which one?",
  speaks: true,
  read: (words, help) => read("ask", words, help),
  run: (words, around) => run(words, around, false),
});

/** To the owner, urgently. */
export const escalate = defineCommand({
  summary: "ask the owner of this agent, who is notified at once",
  words: [],
  text: "TEXT",
  options: OPTIONS,
  group: "Decide",
  example: "agora escalate --timeout 10m May I drop the table?",
  speaks: true,
  read: (words, help) => read("escalate", words, help),
  run: (words, around) => run(words, around, true),
});

function read(name: string, { options, to, text }: ReadWords, { usage }: ReadHelp): Result<AskWords, "usage"> {
  if (isBlank(text)) return fail("usage", `${name} needs TEXT: ${usage}`);
  const choices = (options.get("choice") ?? "").split("\n").filter((label) => label.trim() !== "");
  const many = options.has("many");
  if (choices.length === 0 && (many || options.has("other")))
    return fail("usage", `--many and --other go with choices: ${usage}`);
  const timeoutS = readSpan(options.get("timeout"));
  if (!timeoutS.ok) return timeoutS;
  const waitS = readNumber("wait", options.get("wait"), undefined, 0, MAX_WAIT_S);
  if (!waitS.ok) return waitS;
  return ok({
    to: [...new Set(to)],
    text,
    choices,
    many,
    other: options.has("other"),
    timeoutS: timeoutS.value,
    otherwise: options.get("otherwise"),
    thread: options.get("thread"),
    waitS: waitS.value,
  });
}

async function run(words: AskWords, around: CommandContext, urgent: boolean): Promise<Answer<Results["ask"]>> {
  const { to, text, choices, many, other, timeoutS, otherwise, thread, waitS } = words;
  const isPicked = choices.length > 0;
  const answer = await askDaemon(
    around,
    "ask",
    {
      via: around.via,
      once: newId(),
      to: [...to],
      text,
      ...(isPicked ? { choices: choices.map((label) => ({ label })), pick: many ? "many" : "one" } : {}),
      ...(other ? { other } : {}),
      ...(urgent ? { urgent } : {}),
      ...(otherwise === undefined ? {} : { otherwise }),
      ...(timeoutS === undefined ? {} : { timeoutS }),
      ...(waitS === undefined ? {} : { waitS }),
      ...(thread === undefined ? {} : { thread }),
    },
    REQUEST_MS + (waitS ?? 0) * 1_000,
  );
  if (!answer.ok) return answer;
  return { ok: true, data: answer.value, lines: asked(answer.value, around) };
}

function asked({ id, to, expires, state, reason, notes, question }: Results["ask"], around: CommandContext): string[] {
  const whom = to.map((name) => `@${harmlessLine(name, 40)}`).join(" ");
  const { answer } = question ?? {};
  const ended =
    answer !== undefined
      ? [`answered: ${harmlessLine(answer.words)} by @${harmlessLine(answer.by, 40)}`]
      : question !== undefined && question.state !== "open" && question.state !== "sent"
        ? [`${question.state}: nobody answered`]
        : [];
  const waits = reason === undefined ? "" : ` (${harmlessLine(reason)})`;
  return [
    `asked ${whom} question ${shortId(id)}, open for ${showSpan(question?.leftMs ?? expires - around.now())}${state === "queued" ? `; it waits${waits}` : ""}`,
    ...ended,
    ...notes.map((note) => `  ${harmlessLine(note)}`),
  ];
}
