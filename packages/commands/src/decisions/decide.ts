// `decide TEXT` and `decisions`: what people decided, with or without being asked.
import type { Results } from "@agora/ipc";
import { fail, ok } from "@agora/protocol";
import type { Answer, CommandContext } from "../answer.ts";
import { askDaemon, askOnce } from "../ask-daemon.ts";
import { defineCommand } from "../define-command.ts";
import { isBlank, readNumber } from "../read-value.ts";
import { THREAD } from "../shared-options.ts";
import { showDecision } from "../show-question.ts";
import { PLAIN, shortId } from "../show.ts";

interface DecideWords {
  readonly text: string;
  readonly thread?: string | undefined;
}

export const decide = defineCommand({
  summary: "record a decision for the room",
  words: [],
  text: "TEXT",
  options: [THREAD],
  group: "Decide",
  example: "agora decide We use SQLite",
  speaks: true,
  who: "person",
  read: ({ text, options }, { usage }) =>
    isBlank(text) ? fail("usage", `decide needs TEXT: ${usage}`) : ok({ text, thread: options.get("thread") }),
  run: runDecide,
});

interface DecisionsWords {
  readonly limit: number;
}

/** How many decisions are shown by default, and at most. */
const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 200;

export const decisions = defineCommand({
  summary: "what people decided, newest first",
  words: [],
  options: [{ name: "limit", value: "N", summary: `how many (default: ${DEFAULT_LIMIT})` }],
  group: "Decide",
  example: "agora decisions --limit 5",
  read({ options }) {
    const limit = readNumber("limit", options.get("limit"), DEFAULT_LIMIT, 1, MAX_LIMIT);
    return limit.ok ? ok({ limit: limit.value }) : limit;
  },
  run: runDecisions,
});

async function runDecide(command: DecideWords, around: CommandContext): Promise<Answer<Results["decide"]>> {
  const { text, thread } = command;
  const answer = await askOnce(around, "decide", { text, ...(thread === undefined ? {} : { thread }) });
  if (!answer.ok) return answer;
  const { thread: where, state } = answer.value;
  const waits = state === "queued" ? "; it waits for the relay" : "";
  return { ok: true, data: answer.value, lines: [`decided, for all to see: thread ${shortId(where)}${waits}`] };
}

async function runDecisions({ limit }: DecisionsWords, around: CommandContext): Promise<Answer<Results["decisions"]>> {
  const answer = await askDaemon(around, "decisions", { via: around.via, limit });
  if (!answer.ok) return answer;
  const { decisions: all, more } = answer.value;
  const paint = around.paint ?? PLAIN;
  const lines = all.flatMap((one) => showDecision(one, around.now(), paint));
  if (more) lines.push(paint.dim(`there are more: ${around.prefix}decisions --limit N`));
  return { ok: true, data: answer.value, lines: lines.length === 0 ? ["nothing was decided yet"] : lines };
}
