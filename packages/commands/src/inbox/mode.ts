// `mode [manual|auto]`: shows or sets how mentions are handled.
import { allowRoomInClaude, allowsRoom, CLAUDE_ALLOW_RULE, hasClaudePlugin, readClaudeLayers } from "@agora/home";
import type { Results } from "@agora/ipc";
import { ok } from "@agora/protocol";
import type { Answer, CommandContext } from "../answer.ts";
import { askDaemon } from "../ask-daemon.ts";
import { defineCommand } from "../define-command.ts";
import { MODE_AUTO } from "../permissions.ts";
import { type Mode, readMode } from "../read-value.ts";

const MEANING: Readonly<Record<Mode, string>> = {
  manual: "mentions wait in the inbox for you",
  auto: "the agent answers mentions by itself",
};

interface ModeWords {
  readonly mode?: Mode | undefined;
}

export const mode = defineCommand({
  summary: "show or set how mentions are handled",
  words: ["[MODE]"],
  options: [],
  group: "Decide",
  example: "agora mode auto",
  who: ({ mode: wish }) => (wish === "auto" ? "person" : "anyone"),
  act: MODE_AUTO,
  everyday: true,
  read({ words }) {
    const wish = readMode(words[0]);
    return wish.ok ? ok({ mode: wish.value }) : wish;
  },
  run,
});

async function run(command: ModeWords, around: CommandContext): Promise<Answer<Results["mode"]>> {
  const wish = command.mode === undefined ? {} : { mode: command.mode };
  const answer = await askDaemon(around, "mode", { via: around.via, ...wish });
  if (!answer.ok) return answer;
  const { mode: now } = answer.value;
  const meaning = `mode=${now}: ${MEANING[now]}`;
  return { ok: true, data: answer.value, lines: now === "auto" ? [meaning, ...(await rule(around))] : [meaning] };
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
