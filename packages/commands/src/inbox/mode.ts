// `mode [manual|auto]`: shows or sets how mentions are handled, in general or in one channel or thread.
import {
  allowRoomInClaude,
  allowsRoom,
  CLAUDE_ALLOW_RULE,
  hasClaudePlugin,
  readClaudeLayers,
} from "@agora/user-config";
import type { PlaceMode, Results } from "@agora/ipc";
import { fail, harmlessLine, ok, type Result } from "@agora/protocol";
import type { Answer, CommandContext } from "../answer.ts";
import { askDaemon } from "../ask-daemon.ts";
import { defineCommand } from "../define-command.ts";
import { MODE_AUTO } from "../permissions.ts";
import { type Mode, readMode } from "../read-value.ts";
import { QUOTE, THREAD } from "../shared-options.ts";
import { shortId } from "../show.ts";

const MEANING: Readonly<Record<Mode, string>> = {
  manual: "mentions wait in the inbox for you",
  auto: "the agent answers mentions by itself",
};

interface ModeWords {
  readonly mode?: Mode | undefined;
  /** Where alone it holds. */
  readonly channel?: string | undefined;
  readonly thread?: string | undefined;
  /** The general mode holds there again. */
  readonly general?: true;
}

export const mode = defineCommand({
  summary: "show or set how mentions are handled",
  words: ["[MODE]"],
  options: [
    { name: "in", value: "CHANNEL", summary: "only in this channel" },
    { ...THREAD, summary: "only in this thread, which holds before its channel's" },
  ],
  more: `With --in or --thread, MODE may be default: the general mode applies there again. Anybody in the room can name a thread. ${QUOTE}`,
  group: "Decide",
  example: "agora mode auto",
  who: ({ mode: wish, general }) => (wish === "auto" || general === true ? "person" : "anyone"),
  act: MODE_AUTO,
  read: ({ words: [word], options }) => readWords(word, options.get("in"), options.get("thread")),
  run,
});

function readWords(
  word: string | undefined,
  channel: string | undefined,
  thread: string | undefined,
): Result<ModeWords, "usage"> {
  const isAt = channel !== undefined || thread !== undefined;
  if (channel !== undefined && thread !== undefined) return fail("usage", "Name one place: --in or --thread.");
  if (isAt && word === undefined) return fail("usage", "Which mode should apply there? manual, auto or default.");
  const place = { ...(channel === undefined ? {} : { channel }), ...(thread === undefined ? {} : { thread }) };
  if (isAt && word === "default") return ok({ ...place, general: true });
  const wish = readMode(word);
  return wish.ok ? ok({ mode: wish.value, ...place }) : wish;
}

async function run(command: ModeWords, around: CommandContext): Promise<Answer<Results["modeAt"]>> {
  if (command.channel !== undefined || command.thread !== undefined) return await runAt(command, around);
  const wish = command.mode === undefined ? {} : { mode: command.mode };
  const answer = await askDaemon(around, "mode", { via: around.via, ...wish });
  if (!answer.ok) return answer;
  const { mode: now } = answer.value;
  const meaning = `mode=${now}: ${MEANING[now]}`;
  const places = answer.value.places ?? [];
  const lines = [meaning, ...places.map(showPlace), ...(now === "auto" ? await rule(around) : [])];
  return { ok: true, data: { ...answer.value, places }, lines };
}

async function runAt(
  { mode: wish, channel, thread }: ModeWords,
  around: CommandContext,
): Promise<Answer<Results["modeAt"]>> {
  const answer = await askDaemon(around, "modeAt", {
    via: around.via,
    ...(wish === undefined ? {} : { mode: wish }),
    ...(channel === undefined ? {} : { channel }),
    ...(thread === undefined ? {} : { thread }),
  });
  if (!answer.ok) return answer;
  const { mode: now, channel: inChannel, thread: inThread } = answer.value;
  const place = placeWords({
    ...(inChannel === undefined ? {} : { channel: inChannel }),
    ...(inThread === undefined ? {} : { thread: inThread }),
  });
  const meaning = now === undefined ? `${place}: the general mode` : `${place}: mode=${now}: ${MEANING[now]}`;
  return { ok: true, data: answer.value, lines: now === "auto" ? [meaning, ...(await rule(around))] : [meaning] };
}

/** `in #review: mode=auto`. */
export function showPlace(place: PlaceMode): string {
  return `${placeWords(place)}: mode=${place.mode}`;
}

function placeWords({ channel, thread }: Omit<PlaceMode, "mode">): string {
  return channel === undefined ? `in the thread ${shortId(thread ?? "")}` : `in #${harmlessLine(channel, 40)}`;
}

/**
 * A woken session gets stuck at its first answer if its client asks the person about each tool. This names the rule that
 * prevents that, and writes it when the person at a terminal agrees.
 */
async function rule({ env, project, prefix, ask, via }: CommandContext): Promise<string[]> {
  const layers = readClaudeLayers(env, project);
  const isInClaude = prefix === "/agora:";
  if (allowsRoom(layers) || (!isInClaude && !hasClaudePlugin(layers))) return [];
  const why = "Where Claude Code asks you about each tool, a woken session waits for you before it answers";
  const itself = `put "${CLAUDE_ALLOW_RULE}" into permissions.allow of ~/.claude/settings.json`;
  const how = isInClaude ? `${itself} (or type "agora mode auto" in a terminal, which asks whether to)` : itself;
  const without = [`${why}: ${how}, and it asks no more for the room's tools.`];
  if (via !== "cli" || ask === undefined) return without;
  if (!(await ask.yes(`${why}. Allow the room's tools (${CLAUDE_ALLOW_RULE}) in your own settings?`))) return without;
  const written = await allowRoomInClaude(env);
  return written.ok
    ? [`${CLAUDE_ALLOW_RULE} stands in ${written.value} now; agora uninstall takes it out again.`]
    : [written.message, ...without];
}
