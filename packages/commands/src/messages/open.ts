// `open ID`: one message with its neighbours, found by its id or by a link that somebody passed on.
import type { Line } from "@agora/ipc";
import { fail, messageLink, ok, readMessageLink } from "@agora/protocol";
import type { Answer, CommandContext } from "../answer.ts";
import { askDaemon } from "../ask-daemon.ts";
import { defineCommand } from "../define-command.ts";
import { readNumber } from "../read-value.ts";
import { PLAIN, showLine } from "../show.ts";

interface OpenWords {
  /** The id, or its beginning. */
  readonly id: string;
  /** The room that a link names. */
  readonly room?: string;
  readonly limit: number;
}

/** What `open` gives: the lines, the message among them, and the link to it. */
export interface OpenResult {
  readonly id: string;
  readonly link: string;
  /** In the order of their stamps. */
  readonly lines: readonly Line[];
  /** There may be older, and newer ones. */
  readonly more: boolean;
  readonly newer?: true;
}

const ID_START = /^#?[0-9a-z]{1,40}$/i;
const DEFAULT_LIMIT = 11;
const MAX_LIMIT = 1_000;

export const open = defineCommand({
  summary: "show one message with its neighbours",
  words: ["ID"],
  options: [{ name: "limit", value: "N", summary: `how many lines in all (default: ${DEFAULT_LIMIT})` }],
  group: "Talk",
  example: "agora open agora://lobby/message/7h2kq0v9",
  looks: true,
  read({ words, options }) {
    const limit = readNumber("limit", options.get("limit"), DEFAULT_LIMIT, 1, MAX_LIMIT);
    if (!limit.ok) return limit;
    const [word, more] = words;
    if (word === undefined || more !== undefined)
      return fail("usage", "open takes one ID, or a link such as agora://lobby/message/7h2kq0v9.");
    const link =
      readMessageLink(word) ?? (ID_START.test(word) ? { id: word.replace(/^#/, "").toLowerCase() } : undefined);
    if (link === undefined)
      return fail("usage", "That is no message: give its id, or a link such as agora://lobby/message/7h2kq0v9.");
    return ok({ ...link, limit: limit.value });
  },
  run,
});

async function run({ id, room, limit }: OpenWords, around: CommandContext): Promise<Answer<OpenResult>> {
  const own = await askDaemon(around, "whoami", {});
  if (!own.ok) return own;
  if (room !== undefined && room !== own.value.room)
    return fail(
      "refused",
      `That message is in the room ${room}, and this project is in ${own.value.room}: go where ${room} is.`,
    );
  const answer = await askDaemon(around, "history", { via: around.via, around: id, limit });
  if (!answer.ok) return answer;
  const { lines } = answer.value;
  const meant = lines.find((line) => line.id.startsWith(id));
  // Kept here, but not for this asker: a model is not shown what is for the person alone.
  if (meant === undefined) return fail("not-allowed", "That message is not for you to read.");
  const paint = around.paint ?? PLAIN;
  return {
    ok: true,
    data: { ...answer.value, id: meant.id, link: messageLink(own.value.room, meant.id) },
    lines: [
      ...lines.flatMap((line) =>
        line === meant
          ? [paint.dim("▸ this one"), ...showLine(line, around.now(), paint)]
          : showLine(line, around.now(), paint),
      ),
      paint.dim(`link: ${messageLink(own.value.room, meant.id)}`),
    ],
  };
}
