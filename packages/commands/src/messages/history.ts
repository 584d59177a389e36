// `history [--limit 50] [--with NAME] [--thread ID] [--search TEXT] [--full]`: what was said, oldest first; very long texts
// are cut unless `--full` is given.
import type { Results } from "@agora/ipc";
import { ok } from "@agora/protocol";
import type { Answer, CommandContext } from "../answer.ts";
import { askDaemon } from "../ask-daemon.ts";
import { defineCommand } from "../define-command.ts";
import { readNumber } from "../read-value.ts";
import { CHANNEL, THREAD } from "../shared-options.ts";
import { longTextsCut, PLAIN, showLine } from "../show.ts";

interface HistoryWords {
  readonly limit: number;
  readonly with?: string | undefined;
  readonly channel?: string | undefined;
  readonly thread?: string | undefined;
  readonly search?: string | undefined;
  /** Long texts in full. */
  readonly full?: true;
}

/** How many lines are shown by default, and the longest history in one answer. */
const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 10_000;

export const history = defineCommand({
  summary: "what was said",
  words: [],
  options: [
    { name: "limit", value: "N", summary: `how many of the newest lines (default: ${DEFAULT_LIMIT})` },
    { name: "with", value: "NAME", summary: "only what this member said or was told" },
    CHANNEL,
    { name: "search", value: "TEXT", summary: "only lines that hold exactly this" },
    { name: "full", summary: "show very long texts whole" },
    THREAD,
  ],
  group: "Talk",
  example: "agora history --with bob --limit 20",
  looks: true,
  read({ options }) {
    const limit = readNumber("limit", options.get("limit"), DEFAULT_LIMIT, 1, MAX_LIMIT);
    if (!limit.ok) return limit;
    return ok({
      limit: limit.value,
      with: options.get("with")?.replace(/^@/, ""),
      channel: options.get("channel"),
      thread: options.get("thread"),
      search: options.get("search"),
      ...(options.has("full") ? { full: true } : {}),
    });
  },
  run,
});

async function run(command: HistoryWords, around: CommandContext): Promise<Answer<Results["history"]>> {
  const { limit, thread, channel, search } = command;
  const answer = await askDaemon(around, "history", {
    via: around.via,
    limit,
    ...(command.with === undefined ? {} : { with: command.with }),
    ...(thread === undefined ? {} : { thread }),
    ...(channel === undefined ? {} : { channel }),
    ...(search === undefined ? {} : { search }),
  });
  if (!answer.ok) return answer;
  const { lines, more } = answer.value;
  const paint = around.paint ?? PLAIN;
  const cut = command.full === true ? undefined : longTextsCut(around.prefix);
  const shown = lines.flatMap((line) => showLine(line, around.now(), paint, cut));
  if (more) shown.unshift(paint.dim(`(there are older lines: ${around.prefix}history --limit ${limit * 2})`));
  return {
    ok: true,
    data: answer.value,
    lines:
      lines.length === 0 ? [search === undefined ? "nothing was said yet" : "nothing that was said holds this"] : shown,
  };
}
