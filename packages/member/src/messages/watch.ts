// Following the room's lines, also over the end of one daemon: whoever comes back says which line it had last.
import type { Line, RequestArgs, Results, Session } from "@agora/ipc";
import { kindOf } from "@agora/protocol";
import { type HistoryRecord, isRestamp } from "../kernel/record.ts";
import { recordToLine } from "../kernel/line.ts";
import { controlsOf } from "../controls/requests.ts";
import type { Context } from "./context.ts";

/** What is given again of what was missed. */
const MAX_MISSED_LINES = 1_000;
const MAX_MISSED_BYTES = 16 * 1024 * 1024;

/** Tells `session` each line from now on, and first those it missed since `after`: nothing in between is lost or told twice. */
export function watch(room: Context, args: RequestArgs<"watch">, session: Session): Results["watch"] {
  const { lines, cut } = args.after === undefined ? { lines: [], cut: false } : linesAfter(room, args.after);
  for (const line of lines) session.push({ push: "line", line });
  let told = "";
  const tellConnection = (): void => {
    const connection = room.connection();
    const { state, reason = "" } = connection;
    if (told === `${state} ${reason}`) return;
    told = `${state} ${reason}`;
    session.push({ push: "connection", connection });
  };
  tellConnection();
  session.onClose(room.on.connection(tellConnection));
  session.onClose(room.on.controls(() => session.push({ push: "controls", controls: controlsOf(room) })));
  session.onClose(room.on.line((line) => session.push({ push: "line", line })));
  session.onClose(room.on.reactions((to) => session.push({ push: "reactions", ...to })));
  session.onClose(room.files.onProgress((file) => session.push({ push: "file", file })));
  return { last: newest(room)?.id ?? "", ...(cut ? { cut } : {}) };
}

function* records(room: Context): Iterable<HistoryRecord> {
  for (const { value } of room.store.history.back())
    if (!isRestamp(value) && kindOf(value.kind).silent !== true) yield value;
}

function newest(room: Context): HistoryRecord | undefined {
  for (const record of records(room)) return record;
  return undefined;
}

/** What was written down after the event `id`, oldest first; `cut`: there was more. An empty id: from the beginning. */
function linesAfter(room: Context, id: string): { readonly lines: readonly Line[]; readonly cut: boolean } {
  const lines: Line[] = [];
  let bytes = 0;
  let cut = false;
  for (const record of records(room)) {
    if (record.id === id) break;
    cut = lines.length >= MAX_MISSED_LINES || bytes > MAX_MISSED_BYTES;
    if (cut) break;
    const line = recordToLine(record, room.me, (of) => room.files.stateOf(of));
    if (line === undefined) continue;
    lines.push(room.hooks.line(line));
    bytes += line.text.length;
  }
  return { lines: lines.reverse(), cut };
}
