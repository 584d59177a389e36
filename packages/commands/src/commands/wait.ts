// `wait [--timeout S] [--again]`: blocks until something addresses this member. It takes nothing away from the inbox.
import type { Answer, AnswerData, CommandContext } from "../answer.ts";
import { askDaemon } from "../ask-daemon.ts";
import type { CommandOf } from "../command.ts";
import { harmlessLine } from "@agora/protocol";
import { PLAIN } from "../show.ts";
import { showItem } from "./inbox.ts";

const GRACE_MS = 10_000;

export async function wait(command: CommandOf<"wait">, around: CommandContext): Promise<Answer<AnswerData["wait"]>> {
  const { timeoutS, waiter, again } = command;
  const asked = {
    via: around.via,
    timeoutS,
    ...(waiter === undefined ? {} : { waiter }),
    ...(again === undefined ? {} : { again }),
  };
  const answer = await askDaemon(around, "wait", asked, timeoutS * 1_000 + GRACE_MS);
  if (!answer.ok) return answer;
  const { items, timedOut, stopped, refused } = answer.value;
  const lines = items.flatMap((item) => showItem(item, around.now(), around.paint ?? PLAIN, around.prefix));
  if (stopped !== undefined)
    lines.push(`waiting is over: ${harmlessLine(stopped)}; don't wait again until the person says so`);
  else if (refused !== undefined)
    lines.push(`waiting is over: the relay refuses this member (${harmlessLine(refused)}); don't wait again`);
  else if (timedOut) lines.push(`nothing came within ${timeoutS} s`);
  return { ok: true, data: answer.value, lines };
}
