// What a person reads after sending: where it went, how far it has come, and any warnings.
import type { Results } from "@agora/ipc";
import { harmlessLine } from "@agora/protocol";
import type { CommandContext } from "./answer.ts";
import { PLAIN, shortId, showDelivery, showFile } from "./show.ts";

/** The lines about something that was said. */
export function showSaid(said: Results["say"], around: Pick<CommandContext, "now" | "paint">): string[] {
  const paint = around.paint ?? PLAIN;
  const to =
    said.to.length === 0
      ? said.channel === undefined
        ? "everyone"
        : ""
      : said.to.map((name) => harmlessLine(`@${name.replace(/^@/, "")}`, 60)).join(" ");
  const where = [
    ...(to === "" ? [] : [`to ${to}`]),
    ...(said.channel === undefined ? [] : [`in #${harmlessLine(said.channel, 40)}`]),
  ].join(" ");
  const as = said.role === "agent" ? " as the agent" : "";
  const waits =
    said.state === "queued" ? `, queued${said.reason === undefined ? "" : ` (${harmlessLine(said.reason)})`}` : "";
  return [
    `said ${where}${as}${waits} ${paint.dim(`thread ${shortId(said.thread)}`)}`,
    ...said.deliveries.map((delivery) => `  ${showDelivery(delivery, around.now())}`),
    ...(said.file === undefined ? [] : [`  file ${showFile(said.file)}`]),
    ...said.notes.map((note) => `  ${harmlessLine(note)}`),
  ];
}
