// Which lines of the history a request asks for, and how those are found in the journal.
import { type RequestArgs, roleOf } from "@agora/ipc/messages";
import { formatAddress, isForPersonAlone, kindOf } from "@agora/protocol";
import type { Line } from "@agora/ipc";
import type { HistoryRecord } from "../kernel/record.ts";

type Asked = RequestArgs<"history">;

export interface Filter {
  /** Whether a line is asked for. */
  wants(record: HistoryRecord): boolean;
  /** The same for an own event that is in no history yet. */
  wantsWaiting(line: Line): boolean;
  /** It selects few lines of many: those are searched for, not read one by one. */
  readonly isSelective: boolean;
  /** It is for words of a text. */
  readonly isForWords: boolean;
  /** What a line of the journal holds that has to be looked at, as text; see the journal's `holding`. */
  readonly texts: readonly string[];
}

/** The filter of a request of member `me`; `thread` is the whole id of the one it names. */
export function filterOf(asked: Asked, me: string, thread: string | undefined): Filter {
  const channel = channelOf(asked);
  const name = nameOf(asked.with);
  const from = nameOf(asked.from);
  const { search } = asked;
  const isForModel = asked.via !== undefined && roleOf(asked.via) === "agent";
  const isInPlace = (line: { readonly thread: string; readonly channel?: string }): boolean =>
    (thread === undefined || line.thread === thread) && (channel === undefined || line.channel === channel);
  return {
    isSelective: [search, asked.thread, asked.channel, asked.with, asked.from].some((word) => (word ?? "") !== ""),
    isForWords: (search ?? "") !== "",
    texts: textsOf({ search, thread, channel, name, from }),
    wants: (line) =>
      kindOf(line.kind).silent !== true &&
      !(isForModel && isForPersonAlone(line.to, me)) &&
      isInPlace(line) &&
      (from === undefined || line.author === from) &&
      (search === undefined || holds(line.text, search)) &&
      (name === undefined ||
        (line.author === name && ((line.to.length === 0 && asked.direct !== true) || addresses(line, me))) ||
        (line.author === me && addresses(line, name))),
    wantsWaiting: (line) =>
      !(isForModel && isForPersonAlone(line.to.map(formatAddress), me)) &&
      isInPlace(line) &&
      (from === undefined || from === me) &&
      (name === undefined || line.to.some(({ member }) => member === name)) &&
      (search === undefined || holds(line.text, search)),
  };
}

/** The channel that a request names, without its `#`. */
export function channelOf({ channel }: Pick<Asked, "channel">): string | undefined {
  return channel?.replace(/^#/, "").toLowerCase();
}

function nameOf(word: string | undefined): string | undefined {
  return word?.replace(/^@/, "").toLowerCase();
}

/** Whether a text holds the words, in whatever Unicode form either was typed. */
function holds(text: string, words: string): boolean {
  return text.includes(words) || text.normalize("NFC").includes(words.normalize("NFC"));
}

/** What the most selective of some conditions leaves in a line of the journal; without the closing quote, see `holding`. */
function textsOf(asked: {
  readonly search: string | undefined;
  readonly thread: string | undefined;
  readonly channel: string | undefined;
  readonly name: string | undefined;
  readonly from: string | undefined;
}): readonly string[] {
  const within = (text: string): string => JSON.stringify(text).slice(1, -1);
  // As it was typed, and in both forms: what two people type alike may be other bytes.
  if (asked.search !== undefined && asked.search !== "")
    return [...new Set([asked.search, asked.search.normalize("NFC"), asked.search.normalize("NFD")])].map(within);
  if (asked.thread !== undefined) return [`"thread":"${within(asked.thread)}`];
  if (asked.from !== undefined) return [`"author":"${within(asked.from)}`];
  if (asked.name !== undefined) return [`"author":"${within(asked.name)}`, `"@${within(asked.name)}`];
  return [`"channel":"${within(asked.channel ?? "")}`];
}

function addresses(line: HistoryRecord, name: string): boolean {
  return line.to.some((a) => a === `@${name}` || a.startsWith(`@${name}/`));
}
