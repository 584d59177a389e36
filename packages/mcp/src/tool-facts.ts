// The facts that go with a tool's text, for clients and programs that read structured answers: ids, names, states, counts.
// Nothing a peer wrote is here, whatever the field: that is in the text, inside the fence.
import type { Handed, InboxItem, Line, Results } from "@agora/ipc";

/** The facts of one answer. */
export type Facts = Readonly<Record<string, unknown>>;

/** Anything beyond this is only counted. */
const MAX_ENTRIES = 100;

function some<T>(key: string, list: readonly T[], facts: (one: T) => Facts): Facts {
  const left = list.length - MAX_ENTRIES;
  return { [key]: list.slice(-MAX_ENTRIES).map(facts), ...(left > 0 ? { left } : {}) };
}

/** `history`. */
export function historyFacts({ lines, more }: Results["history"]): Facts {
  return { ...some("lines", lines, lineFacts), more };
}

/** `poll`. */
export function newsFacts({ items, skipped, inbox }: Handed): Facts {
  return { ...some("lines", items, ({ line, asked }) => ({ ...lineFacts(line), asked })), skipped, inbox };
}

/** `inbox`, and `wait` when something came. */
export function itemsFacts(items: readonly InboxItem[]): Facts {
  return some("items", items, ({ id, thread, from, role, state, answers }) => ({
    id,
    thread,
    from,
    role,
    state,
    ...(answers === undefined ? {} : { answers }),
  }));
}

/** `who`. */
export function whoFacts({ room, you, connection, members, left = 0 }: Results["who"]): Facts {
  const more = left + Math.max(0, members.length - MAX_ENTRIES);
  return {
    room,
    you,
    connection: connection.state,
    ...some("members", members.slice(0, MAX_ENTRIES), ({ name, online, kind, mode, paused, keyChanged, seats }) => ({
      name,
      online,
      ...(kind === undefined ? {} : { kind }),
      ...(mode === undefined ? {} : { mode }),
      ...(paused === undefined ? {} : { paused }),
      ...(keyChanged === undefined ? {} : { keyChanged }),
      seats: seats.map(({ seat, connected, reachable, busy }) => ({ seat, connected, reachable, busy })),
    })),
    ...(more > 0 ? { more } : {}),
  };
}

/** `status`. */
export function statusFacts({ connection, mode, inbox, queued, events }: Results["status"]): Facts {
  return {
    connection: connection.state,
    mode,
    inbox,
    queued,
    ...some("messages", events, ({ id, thread, state, deliveries }) => ({
      id,
      thread,
      state,
      deliveries: deliveries.map((one) => ({ member: one.member, state: one.state })),
    })),
  };
}

/** `room whoami`. */
export function whoamiFacts({ name, room, mode, seat, grant }: Results["whoami"]): Facts {
  return { name, room, mode, ...(seat === undefined ? {} : { seat }), ...(grant === undefined ? {} : { grant }) };
}

function lineFacts({ id, thread, author, seat, role, mine, channel }: Line): Facts {
  return {
    id,
    thread,
    from: author,
    ...(seat === undefined ? {} : { seat }),
    role,
    ...(channel === undefined ? {} : { channel }),
    ...(mine ? { mine } : {}),
  };
}
