// `agora top` on a terminal: the table stays on a screen of its own and follows what happens, until q or Ctrl-C. When the
// daemon hands over or dies, it goes on with the next one.
import { boardLines, PLAIN } from "@agora/commands";
import type { Client, SeatActivity, Via } from "@agora/ipc";
import { ok, type Result } from "@agora/protocol";
import { withCommandContext } from "../command-context.ts";
import { leaveWithParent } from "../leave-with-parent.ts";
import { type ExitCode, printFailure, type Start } from "../terminal.ts";

const ENTER = "\u001b[?1049h\u001b[?25l";
const LEAVE = "\u001b[?25h\u001b[?1049l";
const HOME = "\u001b[H";
const TO_LINE_END = "\u001b[K";
const TO_SCREEN_END = "\u001b[J";
/** How long ago something was changes by itself, milliseconds. */
const REDRAW_MS = 1_000;
/** When daemons live shorter than this, several times in a row, it gives up. */
const BRIEF_MS = 5_000;
const MAX_BRIEF = 3;
const [DEFAULT_COLUMNS, DEFAULT_ROWS] = [80, 24];
const [CTRL_C, QUIT] = ["\u0003", "q"];

/** Shows the table until the person leaves it. */
export async function liveTop(start: Start, project: string | undefined): Promise<ExitCode> {
  leaveWithParent();
  const screen = openScreen();
  const ended = await withCommandContext(start, project, async (around, open) => {
    const paint = around.paint ?? PLAIN;
    screen.draw = (rows, columns) => boardLines(rows, columns, Date.now(), paint);
    for (let brief = 0; brief < MAX_BRIEF;) {
      const since = performance.now();
      const following = await Promise.race([follow(open, around.via, screen), screen.left]);
      if (following === "left") return ok("left");
      if (!following.ok) return following;
      if ((await Promise.race([following.value.ended, screen.left])) === "left") return ok("left");
      brief = performance.now() - since < BRIEF_MS ? brief + 1 : 0;
    }
    return ok("gone");
  }).finally(screen.close);
  if (!ended.ok) return printFailure(ended, false);
  if (ended.value === "left") return 0;
  process.stderr.write("The daemon ends again and again.\n");
  return 1;
}

interface Screen {
  /** Settles when the person leaves. */
  readonly left: Promise<"left">;
  draw: (rows: readonly SeatActivity[], columns: number) => readonly string[];
  show(rows: readonly SeatActivity[]): void;
  readonly close: () => void;
}

/** Takes the terminal's other screen, and its keys. */
function openScreen(): Screen {
  const { stdin, stdout } = process;
  let rows: readonly SeatActivity[] | undefined;
  let leave: (how: "left") => void = () => undefined;
  const left = new Promise<"left">((resolve) => {
    leave = resolve;
  });
  const onKey = (keys: Buffer): void => {
    if ([QUIT, CTRL_C].some((key) => keys.toString().includes(key))) leave("left");
  };
  const onSignal = (): void => leave("left");
  const redraw = (): void => {
    if (rows === undefined) return;
    // A terminal that nobody gave a size says 0.
    const height = Math.max(2, stdout.rows || DEFAULT_ROWS) - 1;
    const lines = screen.draw(rows, stdout.columns || DEFAULT_COLUMNS);
    const more = lines.length - height;
    const shown = more > 0 ? [...lines.slice(0, height - 1), `… and ${more + 1} lines more`] : lines;
    const text = shown.map((line) => `${line}${TO_LINE_END}\r\n`).join("");
    stdout.write(`${HOME}${text}q leaves${TO_LINE_END}${TO_SCREEN_END}`);
  };
  const timer = setInterval(redraw, REDRAW_MS);
  const screen: Screen = {
    left,
    draw: () => [],
    show(now) {
      rows = now;
      redraw();
    },
    close() {
      clearInterval(timer);
      process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
      stdout.off("resize", redraw);
      stdin.off("data", onKey);
      if (stdin.isTTY) stdin.setRawMode(false);
      stdin.pause();
      stdout.write(LEAVE);
    },
  };
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  if (stdin.isTTY) stdin.setRawMode(true);
  stdin.on("data", onKey);
  stdout.on("resize", redraw).write(ENTER);
  return screen;
}

/** Follows one daemon. */
async function follow(
  open: () => Promise<Result<Client>>,
  via: Via,
  screen: Screen,
): Promise<Result<{ readonly ended: Promise<"gone"> }>> {
  const opened = await open();
  if (!opened.ok) return opened;
  const client = opened.value;
  client.onPush((push) => {
    if (push.push === "state" && push.activity !== undefined) screen.show(push.activity.seats);
  });
  const ended = client.closed.then(() => "gone" as const);
  const watching = await client.request("watchState", { via });
  if (watching.ok || watching.code === "gone" || watching.code === "moved") return ok({ ended });
  return watching;
}
