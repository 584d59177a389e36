// `mode [manual|auto]`: shows or sets how mentions are handled.
import { allowsRoom, CLAUDE_ALLOW_RULE, readClaudeLayers } from "@agora/home";
import type { Answer, AnswerData, CommandContext } from "../answer.ts";
import { askDaemon } from "../ask-daemon.ts";
import type { CommandOf, Mode } from "../command.ts";

const MEANING: Readonly<Record<Mode, string>> = {
  manual: "mentions wait in the inbox for you",
  auto: "the agent answers mentions by itself",
};

export async function mode(command: CommandOf<"mode">, around: CommandContext): Promise<Answer<AnswerData["mode"]>> {
  const wish = command.mode === undefined ? {} : { mode: command.mode };
  const answer = await askDaemon(around, "mode", { via: around.via, ...wish });
  if (!answer.ok) return answer;
  const { mode: now } = answer.value;
  const meaning = `mode=${now}: ${MEANING[now]}`;
  return { ok: true, data: answer.value, lines: now === "auto" ? [meaning, ...askedForEach(around)] : [meaning] };
}

/** A session that is woken stands still at its first answer, when its client asks the person about each tool. */
function askedForEach({ env, project, prefix }: CommandContext): string[] {
  if (prefix !== "/agora:" || allowsRoom(readClaudeLayers(env, project))) return [];
  return [
    `Where Claude Code asks you about each tool, a woken session waits for you before it answers: put "${CLAUDE_ALLOW_RULE}" into permissions.allow of ~/.claude/settings.json (or of .claude/settings.local.json here) and it asks no more for the room's tools.`,
  ];
}
