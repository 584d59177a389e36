// `unread [--mark-read]`: what the person hasn't read, place by place, and marking it as read.
import type { Results } from "@agora/ipc";
import { harmlessLine, ok } from "@agora/protocol";
import type { Answer, CommandContext } from "../answer.ts";
import { askDaemon } from "../ask-daemon.ts";
import { defineCommand } from "../define-command.ts";
import { showTime } from "../show.ts";

export const unread = defineCommand({
  summary: "how much is new since you last read, place by place",
  words: [],
  options: [
    { name: "mark-read", summary: "all of it counts as read from now on, in the console and on every device too" },
  ],
  group: "Talk",
  example: "agora unread",
  looks: true,
  read({ options }) {
    return ok(options.has("mark-read") ? { mark: true as const } : {});
  },
  run,
});

async function run({ mark }: { readonly mark?: true }, around: CommandContext): Promise<Answer<Results["unread"]>> {
  const answer = await askDaemon(around, "unread", { via: around.via });
  if (!answer.ok) return answer;
  const { places, more } = answer.value;
  if (mark === true)
    for (const { place, last } of places) {
      const marked = await askDaemon(around, "markRead", { via: around.via, place, read: last });
      if (!marked.ok) return marked;
    }
  const now = around.now();
  const lines = places.map(({ place, count, toMe, since }) => {
    const where = place === "*" ? "in the room" : `in ${harmlessLine(place, 60)}`;
    const to = toMe > 0 ? ` · ${toMe} to you` : "";
    return `${count}${more === true ? "+" : ""} new ${where} since ${showTime(since, now)}${to}`;
  });
  const done = mark === true && lines.length > 0 ? ["marked as read"] : [];
  return { ok: true, data: answer.value, lines: lines.length === 0 ? ["nothing is new"] : [...lines, ...done] };
}
