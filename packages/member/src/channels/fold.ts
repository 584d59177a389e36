// The fold of what members decide in channels, for acts in any order of arrival. What an act is worth isn't settled here: its
// author may turn out later to have opened the channel.
import {
  type ActHeard,
  changed,
  type ChannelActs,
  earlier,
  isBefore,
  isOpenedBefore,
  later,
  MAX_CHANNELS_KNOWN,
  type Opening,
  own,
  type Placed,
  placedOf,
  type Voice,
} from "./acts.ts";
import { entitled } from "./decided.ts";

/** Authors remembered in each channel, and whom each of them moved. */
const MAX_VOICES = 16;
const MAX_MOVES = 32;

/** Events kept for one channel, characters; so MAX_CHANNELS_KNOWN times as much in all, whoever speaks. */
const MAX_SEALED_CHARS = 32 * 1024;

/**
 * Folds an act, in place. The same state for any order of arrival, as long as no bound is met; of too many channels one that
 * this member is not in (`isIn`) is forgotten first.
 */
export function foldAct(
  acts: ChannelActs,
  heard: ActHeard,
  isIn: (channel: string) => boolean = () => false,
): ChannelActs {
  const { channel, author, key, act, text, operator } = heard;
  if (act === "join" || act === "leave") return acts;
  const voices = own(acts, channel) ?? {};
  const place = operator === true ? `${key}!` : key;
  const known: Voice = voices[place] ?? { author, key, ...(operator === true ? { operator } : {}), moves: {} };
  const { stamp, id, seq, position, told, sealed } = heard;
  const at: Placed = {
    ...{ stamp, id },
    ...(seq === undefined ? {} : { seq }),
    ...(told === undefined ? {} : { told }),
    ...(position === undefined ? {} : { position }),
    ...(sealed === undefined ? {} : { sealed }),
  };
  const isKnown = Object.values(voices).some((one) => one.key !== key && one.open !== undefined);
  const opening: Opening = heard.late === true && isKnown ? { ...at, overtaken: true } : at;
  const open = act === "open" ? earlier(known.open, opening) : known.open;
  const hasTopic = text !== undefined && (act === "open" || act === "topic");
  const topic = hasTopic ? later(known.topic, { ...at, text }) : known.topic;
  voices[place] = {
    ...known,
    ...(open === undefined ? {} : { open }),
    ...(topic === undefined ? {} : { topic }),
    moves: movesWith(known.moves, heard, at),
    ...rolesWith(known.roles, heard, at),
  };
  if (Object.keys(voices).length > MAX_VOICES) delete voices[leastOf(voices)];
  acts[channel] = voices;
  bound(acts, channel);
  const others = Object.keys(acts).filter((name) => name !== channel);
  if (others.length >= MAX_CHANNELS_KNOWN) delete acts[others.find((name) => !isIn(name)) ?? others[0]!];
  return acts;
}

/** Lets go of the events that are too many for a channel, of what is needed least first; their positions stay. */
function bound(acts: ChannelActs, channel: string): void {
  const voices = acts[channel]!;
  const charsOf = ({ sealed }: Placed): number =>
    sealed === undefined ? 0 : sealed.head.length + sealed.sig.length + sealed.body.length;
  const all = Object.values(voices).flatMap(placedOf);
  if (all.reduce((sum, placed) => sum + charsOf(placed), 0) <= MAX_SEALED_CHARS) return;
  const counting = new Set(entitled(acts, channel));
  // Nobody's many acts push out what counts, nor an owner's an operator's; of one kind the newest stay.
  const rankOf = (voice: Voice, placed: Placed): number => {
    const kind = placed === voice.open ? 0 : placed === voice.topic ? 1 : 2;
    if (!counting.has(voice)) return 20 + kind;
    return kind === 0 ? kind : (voice.operator === true ? 0 : 10) + kind;
  };
  const ranked = Object.values(voices)
    .flatMap((voice) => placedOf(voice).map((placed) => ({ placed, rank: rankOf(voice, placed) })))
    .sort((a, b) => a.rank - b.rank || (isBefore(a.placed, b.placed) ? 1 : -1));
  const over = new Set<Placed>();
  let left = MAX_SEALED_CHARS;
  for (const { placed } of ranked) {
    const chars = charsOf(placed);
    if (chars > left) over.add(placed);
    else left -= chars;
  }
  const lighter = <T extends Placed>(placed: T): T => {
    const { sealed: _, ...rest } = placed;
    return over.has(placed) ? (rest as T) : placed;
  };
  for (const [place, voice] of Object.entries(voices)) voices[place] = changed(voice, lighter);
}

/** An event that decided something got another place from a relay, in place. [STAMP-4] */
export function foldActStamp(acts: ChannelActs, id: string, stamp: string, key?: string): void {
  const moved = <T extends Placed>(placed: T): T => {
    const { overtaken: _, told: __, ...rest }: Opening = placed;
    return placed.id === id ? ({ ...rest, stamp } as T) : placed;
  };
  for (const voices of Object.values(acts))
    for (const [place, voice] of Object.entries(voices))
      if ((key === undefined || key === voice.key) && placedOf(voice).some((placed) => placed.id === id))
        voices[place] = changed(voice, moved);
}

function movesWith(moves: Voice["moves"], { act, target, member = "" }: ActHeard, at: Placed): Voice["moves"] {
  if (target === undefined || (act !== "remove" && act !== "admit")) return moves;
  return bounded({ ...moves, [target]: later(moves[target], { ...at, act, member }) });
}

function rolesWith(
  roles: Voice["roles"],
  { act, target, role, member = "" }: ActHeard,
  at: Placed,
): Pick<Voice, "roles"> {
  const isRole = act === "role" || act === "archive" || act === "reopen";
  if (!isRole || target === undefined || role === undefined) return roles === undefined ? {} : { roles };
  return { roles: bounded({ ...roles, [target]: later(roles?.[target], { ...at, role, member }) }) };
}

/** Without the oldest decision, where there are too many. */
function bounded<T extends Placed>(all: Record<string, T>): Record<string, T> {
  const keys = Object.keys(all);
  if (keys.length > MAX_MOVES) delete all[keys.reduce((a, b) => (isBefore(all[a]!, all[b]!) ? a : b))];
  return all;
}

/** Operators and whoever opened it first are the last to be forgotten: nobody's many words push out theirs. */
function leastOf(voices: Record<string, Voice>): string {
  const isMore = (a: Voice, b: Voice): boolean => {
    if (a.operator !== b.operator) return a.operator === true;
    if (a.open === undefined || b.open === undefined)
      return a.open !== undefined || (b.open === undefined && a.key < b.key);
    return isOpenedBefore(a.open, b.open);
  };
  return Object.keys(voices).reduce((a, b) => (isMore(voices[a]!, voices[b]!) ? b : a));
}
