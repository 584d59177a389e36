// Who only reads in a channel, as far as a relay can tell: by the word of an operator or a lead that shows its grant. It does not know who
// owns a channel, so readers decide; what is remembered here ends with the relay. [RIGHT-5]
import { CHANNEL, channelActSchema, gives, type Head, readBody, type SignedEvent } from "@agora/protocol";
import type { Grants } from "./grants.ts";

/** Stands for everybody in an archived channel; no key is written so. */
const EVERYBODY = "*";
/** Channels and members that are remembered in one room; those barred longest ago are forgotten, and only readers bar them. */
const MAX_BARRED = 500;

/** What an act says of who speaks in a channel. */
export interface Silencing {
  readonly channel: string;
  readonly target: string;
  readonly isBarred: boolean;
}

/** The channels of a room, and who only reads in them. */
export class ChannelSilence {
  readonly #barred = new Set<string>();

  apply({ channel, target, isBarred }: Silencing): void {
    const place = `${channel} ${target}`;
    this.#barred.delete(place);
    if (!isBarred) return;
    this.#barred.add(place);
    if (this.#barred.size > MAX_BARRED) this.#barred.delete(this.#barred.values().next().value!);
  }

  /** Whether this key may only read in a channel. */
  bars(channel: string, key: string): boolean {
    return this.#barred.has(`${channel} ${key}`) || this.#barred.has(`${channel} ${EVERYBODY}`);
  }
}

/**
 * What a posted event says of who speaks in its channel, as far as its author may; undefined: nothing. Somebody is barred only by a
 * grant that holds; that is taken back by anybody else in the channel, who may own it.
 */
export function silencingBy(
  grants: Pick<Grants, "check">,
  head: Pick<Head, "room" | "author" | "key" | "channel" | "kind" | "body">,
  { body }: Pick<SignedEvent, "body">,
): Silencing | undefined {
  const { channel, kind, room, author, key } = head;
  if (channel === undefined || kind !== "channel" || head.body.media !== CHANNEL) return undefined;
  const act = readBody(channelActSchema, body);
  const said = act === undefined ? undefined : targetOf(act);
  if (said === undefined) return undefined;
  const shown = act?.grant === undefined ? undefined : grants.check(room, act.grant, { name: author, key });
  const isEntitled = shown?.ok === true && shown.value.key === key && gives(shown.value, "channel", channel);
  return isEntitled || (!said.isBarred && said.target !== key) ? { channel, ...said } : undefined;
}

function targetOf({
  act,
  key,
  role,
}: {
  readonly act: string;
  readonly key?: string | undefined;
  readonly role?: string | undefined;
}): Omit<Silencing, "channel"> | undefined {
  if (act === "archive" || act === "reopen") return { target: EVERYBODY, isBarred: act === "archive" };
  return act === "role" && key !== undefined && role !== undefined
    ? { target: key, isBarred: role === "observer" }
    : undefined;
}
