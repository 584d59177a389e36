// `GET /v1/events`: the room's lines as server-sent events. They are read from the member's own history as fast as the
// reader takes them, so a slow reader costs no more than MAX_UNREAD_BYTES and a line, and one that comes back continues
// where it was.
import { safeJson } from "@agora/commands";
import { fail } from "@agora/protocol";
import { KEEP_ALIVE_MS, MAX_UNREAD_BYTES } from "../limits.ts";
import { answerFailure } from "./answer.ts";
import type { Call } from "./call.ts";
import type { PlacedLine } from "@agora/ipc";
import { readerOf, take } from "./mailbox.ts";
import { NO_MORE } from "./streams.ts";
import { toWire } from "./wire-line.ts";

const BATCH = 50;
/** A reader that takes nothing for this many keep-alives is gone. */
const DEAF_AFTER = 4;

/** Streams until the reader leaves, the token ends or the gateway stops. */
export function streamEvents(call: Call): void {
  const { request, response, url, member, clock } = call;
  const last = request.headers["last-event-id"];
  const word = typeof last === "string" ? last : (url.searchParams.get("after") ?? undefined);
  const from = member.cursors.read(word, member.cursor);
  if (!from.ok) return answerFailure(response, from);
  const reader = readerOf(call);
  let cursor = from.value;
  let ended = false;
  let scheduled = false;
  let deaf = 0;

  const end = (why: string): void => {
    if (ended) return;
    finish();
    // A reader that takes nothing would keep its slot forever.
    if (response.writableNeedDrain) return void response.destroy();
    response.end(`event: end\ndata: ${safeJson({ reason: why })}\n\n`);
  };
  if (!call.streams.add(call, "rest", end)) {
    return answerFailure(response, fail("too-many", "Too many streams are open: close some first."), {
      "retry-after": "5",
    });
  }

  const pump = async (): Promise<void> => {
    scheduled = false;
    if (ended || response.writableNeedDrain) return; // continues at "drain"
    const read = await member.ask("rest", "lines", {
      via: member.viaOf(call.principal.person),
      after: cursor,
      limit: BATCH,
    });
    if (ended) return;
    if (!call.holds()) return end(NO_MORE); // nothing is sent once a token rotation has been answered
    if (!read.ok) return end(read.message);
    const page = read.value;
    const given: PlacedLine[] = [];
    for (const placed of page.lines) {
      if (response.writableLength > MAX_UNREAD_BYTES) break;
      const line = toWire(placed, member.cursors);
      response.write(`id: ${line.cursor}\nevent: line\ndata: ${safeJson(line)}\n\n`);
      given.push(placed);
    }
    const isWhole = given.length === page.lines.length;
    if (isWhole) cursor = page.next;
    else if (given.length > 0) cursor = given.at(-1)!.position + 1;
    await take(reader, given);
    if (page.more || !isWhole) soon();
  };
  // After the turn in which a line was stored: only then is its item in the mailbox too.
  const soon = (): void => {
    if (scheduled || ended) return;
    scheduled = true;
    setImmediate(() => void pump());
  };
  const tellConnection = (): void => {
    const { state, reason } = member.connection;
    const told = { state, ...(reason === undefined ? {} : { reason }) };
    if (!ended && !response.writableNeedDrain && call.holds())
      response.write(`event: connection\ndata: ${safeJson(told)}\n\n`);
  };
  const offLine = member.on("grown", soon);
  const offConnection = member.on("connection", tellConnection);
  const stopKeepAlive = clock.every(KEEP_ALIVE_MS, () => {
    deaf = response.writableNeedDrain ? deaf + 1 : 0;
    if (deaf >= DEAF_AFTER) response.destroy();
    else if (deaf === 0) response.write(":\n\n");
  });
  const finish = (): void => {
    ended = true;
    offLine();
    offConnection();
    stopKeepAlive();
  };

  response.writeHead(200, {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store",
    "x-accel-buffering": "no",
  });
  response.on("drain", soon);
  response.once("close", finish);
  tellConnection();
  soon();
}
