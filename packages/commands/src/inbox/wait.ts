// `wait [--timeout S] [--again]`: blocks until something is addressed to this member. It removes nothing from the inbox.
import type { Results } from "@agora/ipc";
import { harmlessLine, ok } from "@agora/protocol";
import type { Answer, CommandContext } from "../answer.ts";
import { askDaemon } from "../ask-daemon.ts";
import { defineCommand } from "../define-command.ts";
import { readNumber, MAX_WAIT_S } from "../read-value.ts";
import { PLAIN } from "../show.ts";
import { showItem } from "./inbox.ts";

const GRACE_MS = 10_000;

interface WaitWords {
  readonly timeoutS: number;
  readonly waiter?: string | undefined;
  readonly again?: true;
}

/** How long it waits by default, and at most, seconds. */
const DEFAULT_WAIT_S = 300;

export const wait = defineCommand({
  summary: "wait until something addresses you",
  words: [],
  options: [
    { name: "timeout", value: "S", summary: `give up after S seconds (default: ${DEFAULT_WAIT_S})` },
    { name: "again", summary: "also for what an earlier wait told of already" },
    { name: "as", value: "WORD", summary: "tell this loop apart from another one of yours" },
  ],
  more:
    "It waits for what is new since the last wait, and takes nothing out of the inbox. Exit code 0: something came, or the time was over; 1: it failed, try again later.\n" +
    "Don't start it again after 3 (the room was stopped, by you or by an operator) and 4 (the relay refuses you for good).",
  group: "Talk",
  example: "agora wait --timeout 600",
  looks: true,
  clients: { except: "a session is told by its hooks of what comes, and a hook that waits would hold the prompt" },
  read({ options }) {
    const timeout = readNumber("timeout", options.get("timeout"), DEFAULT_WAIT_S, 0, MAX_WAIT_S);
    if (!timeout.ok) return timeout;
    return ok({
      timeoutS: timeout.value,
      waiter: options.get("as"),
      ...(options.has("again") ? { again: true } : {}),
    });
  },
  run,
});

async function run(command: WaitWords, around: CommandContext): Promise<Answer<Results["wait"]>> {
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
