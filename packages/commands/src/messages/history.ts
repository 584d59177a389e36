// `history [--limit 50] [--with NAME] [--from NAME] [--thread ID] [--search TEXT] [--around ID | --before T | --after ID |
// --since T] [--full]`: what was said, oldest first; very long texts are cut unless `--full` is given.
import type { RequestArgs, Results } from "@agora/ipc";
import { fail, ok, type Result } from "@agora/protocol";
import type { Answer, CommandContext } from "../answer.ts";
import { askDaemon } from "../ask-daemon.ts";
import { defineCommand } from "../define-command.ts";
import { parseTime, readTime } from "../read-time.ts";
import { readNumber } from "../read-value.ts";
import { CHANNEL, THREAD } from "../shared-options.ts";
import { longTextsCut, PLAIN, shortId, showLine } from "../show.ts";

interface HistoryWords {
  readonly limit: number;
  readonly with?: string | undefined;
  readonly from?: string | undefined;
  readonly channel?: string | undefined;
  readonly thread?: string | undefined;
  readonly search?: string | undefined;
  readonly around?: string | undefined;
  /** A time, or the id of a message. */
  readonly before?: string | undefined;
  readonly after?: string | undefined;
  readonly since?: string | undefined;
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
    { name: "from", value: "NAME", summary: "only what this member said" },
    CHANNEL,
    { name: "search", value: "TEXT", summary: "only lines that hold exactly this" },
    { name: "around", value: "ID", summary: "this message and its neighbours" },
    { name: "since", value: "TIME", summary: "the first lines from then on: 2h, 3d, 14:05, yesterday, 2026-11-30" },
    { name: "before", value: "TIME|ID", summary: "the last lines before then, or before this message" },
    { name: "after", value: "ID", summary: "the first lines after this message" },
    { name: "full", summary: "show very long texts whole" },
    THREAD,
  ],
  group: "Talk",
  example: "agora history --with bob --limit 20",
  looks: true,
  read({ options }) {
    const limit = readNumber("limit", options.get("limit"), DEFAULT_LIMIT, 1, MAX_LIMIT);
    if (!limit.ok) return limit;
    const of = (name: string): string | undefined => options.get(name);
    if (of("around") !== undefined && ["after", "before", "since"].some((name) => of(name) !== undefined))
      return fail("usage", "--around shows both sides of a message: leave out --after, --before and --since.");
    return ok({
      limit: limit.value,
      with: of("with")?.replace(/^@/, ""),
      from: of("from")?.replace(/^@/, ""),
      channel: of("channel"),
      thread: of("thread"),
      search: of("search"),
      around: of("around"),
      before: of("before"),
      after: of("after"),
      since: of("since"),
      ...(options.has("full") ? { full: true } : {}),
    });
  },
  run,
});

/** The stretch that is asked for; what is no time is the beginning of an id. */
function stretchOf(
  { around, after, before, since }: HistoryWords,
  now: number,
): Result<Pick<RequestArgs<"history">, "around" | "after" | "before" | "since" | "until">, "usage"> {
  const from = readTime("since", since, now);
  if (!from.ok) return from;
  const until = before === undefined ? undefined : parseTime(before, now);
  return ok({
    ...(around === undefined ? {} : { around }),
    ...(after === undefined ? {} : { after }),
    ...(from.value === undefined ? {} : { since: from.value }),
    ...(until === undefined ? {} : { until }),
    ...(before === undefined || until !== undefined ? {} : { before }),
  });
}

async function run(command: HistoryWords, around: CommandContext): Promise<Answer<Results["history"]>> {
  const { limit, thread, channel, search, from } = command;
  const stretch = stretchOf(command, around.now());
  if (!stretch.ok) return stretch;
  const answer = await askDaemon(around, "history", {
    via: around.via,
    limit,
    ...(command.with === undefined ? {} : { with: command.with }),
    ...(thread === undefined ? {} : { thread }),
    ...(channel === undefined ? {} : { channel }),
    ...(search === undefined ? {} : { search }),
    ...(from === undefined ? {} : { from }),
    ...stretch.value,
  });
  if (!answer.ok) return answer;
  const { lines, more, newer } = answer.value;
  const paint = around.paint ?? PLAIN;
  const cut = command.full === true ? undefined : longTextsCut(around.prefix);
  const shown = lines.flatMap((line) => showLine(line, around.now(), paint, cut));
  const [first, last] = [lines[0], lines.at(-1)];
  const isWindow = Object.keys(stretch.value).length > 0;
  const older = isWindow && first !== undefined ? `--before ${shortId(first.id)}` : `--limit ${limit * 2}`;
  if (more) shown.unshift(paint.dim(`(there are older lines: ${around.prefix}history ${older})`));
  if (newer === true && last !== undefined)
    shown.push(paint.dim(`(there are newer lines: ${around.prefix}history --after ${shortId(last.id)})`));
  return {
    ok: true,
    data: answer.value,
    lines: lines.length === 0 ? [nothing(command, isWindow, newer === true)] : shown,
  };
}

/** What is said where no line is shown; `isCut`: more would have to be looked through. */
function nothing({ search, from }: HistoryWords, isWindow: boolean, isCut: boolean): string {
  if (isCut) return "nothing was found among the first lines there: say more exactly from when on";
  if (isWindow || from !== undefined) return "nothing was said there";
  return search === undefined ? "nothing was said yet" : "nothing that was said holds this";
}
