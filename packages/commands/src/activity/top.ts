// `top`: who does how much now, one row a seat. Here it is shown once; a terminal goes on showing it (the cli's own code).
import type { SeatActivity } from "@agora/ipc";
import type { Answer, CommandContext } from "../answer.ts";
import { askDaemon } from "../ask-daemon.ts";
import { defineCommand } from "../define-command.ts";
import { noWords } from "../read-value.ts";
import { PLAIN } from "../show.ts";
import { boardLines } from "./board-table.ts";

/** What `top --json` prints. */
export interface TopResult {
  /** One row a seat, loops first. */
  readonly rows: readonly SeatActivity[];
  /** Rows that are left out. */
  readonly left?: number;
}

/** The width of the table where it is not shown on a terminal, characters. */
const PIPED_COLUMNS = 160;

export const top = defineCommand({
  summary: "who does how much now: turns, chains, loops, who waits for whom; until q on a terminal",
  words: [],
  options: [],
  group: "Operate",
  example: "agora top",
  who: "person",
  clients: { except: "it goes on on a screen of its own, which no client's session has" },
  read: noWords,
  run,
});

async function run(_: object, around: CommandContext): Promise<Answer<TopResult>> {
  const answer = await askDaemon(around, "activity", { via: around.via });
  if (!answer.ok) return answer;
  const { seats, left } = answer.value;
  const columns = around.paint === undefined ? PIPED_COLUMNS : (around.terminal?.columns ?? PIPED_COLUMNS);
  return {
    ok: true,
    data: { rows: seats, ...(left === undefined ? {} : { left }) },
    lines: [
      ...boardLines(seats, columns, around.now(), around.paint ?? PLAIN),
      ...(left === undefined ? [] : [`and ${left} more`]),
    ],
  };
}
