// `status [ID]`: the daemon, the connection, and the delivery of one's own messages.
import { ignoredNetworkNote, listProjects } from "@agora/user-config";
import type { Results } from "@agora/ipc";
import { fail, harmlessLine, ok } from "@agora/protocol";
import type { Answer, CommandContext } from "../answer.ts";
import { askDaemon } from "../ask-daemon.ts";
import { defineCommand } from "../define-command.ts";
import { showSeat } from "../presence/who.ts";
import { showConnection } from "../show-connection.ts";
import { hookTroubles } from "../show-hook-reach.ts";
import { PLAIN, shortId, showDelivery, showFile, showSpan, showTime } from "../show.ts";

interface StatusWords {
  readonly id?: string | undefined;
}

export const status = defineCommand({
  summary: "the daemon, the connection and what became of your messages",
  words: ["[ID]"],
  options: [],
  group: "Talk",
  example: "agora status 7k3f",
  looks: true,
  read: ({ words }) => ok({ id: words[0] }),
  run,
});

async function run(command: StatusWords, around: CommandContext): Promise<Answer<Results["status"]>> {
  const answer = await askDaemon(around, "status", command.id === undefined ? {} : { id: command.id });
  if (!answer.ok) return answer;
  if (command.id !== undefined && answer.value.events.length === 0) {
    return fail(
      "unknown-message",
      `No message of yours has the id "${harmlessLine(command.id, 40)}": status alone shows the last ones.`,
    );
  }
  const { daemon, connection, mode, hopLimit, inbox, queued, seats, rungs, events } = answer.value;
  const paint = around.paint ?? PLAIN;
  const now = around.now();
  const notices = [...answer.value.notices, ...ownNetwork(around), ...hookTroubles(around.home, now)];
  return {
    ok: true,
    data: { ...answer.value, notices },
    lines: [
      showConnection(connection, paint),
      `daemon ${daemon.pid}, version ${daemon.version}, up ${showSpan(now - daemon.startedAt)}; mode=${mode}, hop limit ${hopLimit}; inbox ${inbox}, queued ${queued}`,
      ...seats.map((seat) => `  ${showSeat(connection.name, seat, rungs, now)}`),
      ...notices.map((notice) => paint.bad(`  ${harmlessLine(notice, 300)}`)),
      ...events.flatMap((event) => [
        `${paint.dim(showTime(event.at, now))} ${harmlessLine(event.text, 80)} ${paint.dim(`id ${shortId(event.id)} thread ${shortId(event.thread)}`)}`,
        ...(event.deliveries.length === 0
          ? [`  ${event.state}${event.reason === undefined ? "" : ` (${harmlessLine(event.reason)})`}`]
          : event.deliveries.map((delivery) => `  ${showDelivery(delivery, now)}`)),
        ...(event.file === undefined ? [] : [`  file ${showFile(event.file)}`]),
      ]),
    ],
  };
}

/** A proxy or certificate authority that only this session names isn't used by its daemon. */
function ownNetwork({ home, project, env }: CommandContext): string[] {
  const projects = listProjects(home);
  const origin = projects.ok ? projects.value.find(({ path }) => path === project)?.origin : undefined;
  const note = origin === undefined ? undefined : ignoredNetworkNote(home, origin, env);
  return note === undefined ? [] : [note];
}
