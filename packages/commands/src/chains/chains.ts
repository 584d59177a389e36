// `chains`: the latest chains of automatic turns, how far each is, which loop it is in, and what lets a stopped one go on.
import type { ChainState } from "@agora/ipc";
import type { Results } from "@agora/ipc";
import { harmlessLine } from "@agora/protocol";
import type { Answer, Paint, CommandContext } from "../answer.ts";
import { askDaemon } from "../ask-daemon.ts";
import { defineCommand } from "../define-command.ts";
import { noWords } from "../read-value.ts";
import { PLAIN, shortId } from "../show.ts";

/** How many of a path's latest members are shown. */
const MAX_PATH = 8;

export const chains = defineCommand({
  summary: "which agents answer each other by themselves, how far, and where it loops",
  words: [],
  options: [],
  group: "Decide",
  example: "agora chains",
  read: noWords,
  run,
});

async function run(_: object, around: CommandContext): Promise<Answer<Results["chains"]["chains"]>> {
  const answer = await askDaemon(around, "chains", {});
  if (!answer.ok) return answer;
  const { chains } = answer.value;
  const paint = around.paint ?? PLAIN;
  const lines = chains.flatMap((chain) => showChain(chain, paint, around.prefix));
  return {
    ok: true,
    data: chains,
    lines: lines.length === 0 ? ["no agent answers another one by itself now"] : lines,
  };
}

/** One chain: who took its turns, how many of how many, and below that anything unusual. */
function showChain(
  { thread, turns, limit, stopped, path, pattern }: ChainState,
  paint: Paint,
  prefix: string,
): string[] {
  // Of agents that only speak to each other, only that and how far is known here.
  const left = path.length > MAX_PATH ? "… → " : "";
  const who = path
    .slice(-MAX_PATH)
    .map((name) => `@${harmlessLine(name, 40)}`)
    .join(" → ");
  const by = path.length === 0 ? "agents among themselves" : `${left}${who}`;
  const where = thread === undefined ? "" : ` ${paint.dim(`thread ${shortId(thread)}`)}`;
  const more = thread === undefined ? "" : ` (${prefix}more ${shortId(thread)})`;
  return [
    `${by}: ${turns} of ${limit} automatic turns${where}`,
    ...(pattern === undefined ? [] : [`  ${paint.bad(`loop: ${harmlessLine(pattern, 300)}`)}`]),
    ...(stopped ? [`  ${paint.bad("stopped")}: a person lets it go on${more}`] : []),
  ];
}
