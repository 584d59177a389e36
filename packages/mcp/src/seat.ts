// The seat of one client session: a connection to the daemon that is opened when first needed and reopened when it breaks,
// at once when the daemon hands over to a newer one. It knows who speaks and whether anything is unread; `turn.ts` decides
// what a turn makes of that.
import { askAgain, type IpcCode, type Push } from "@agora/ipc";
import { fail, ok, type Result } from "@agora/protocol";
import type { DaemonLine, Membership, OpenLine } from "./daemon-line.ts";

export interface SeatParts {
  /** `claude`, `codex`, …: the kind of the seat. */
  readonly client: string;
  /** The client's process, as far as we know it. */
  readonly pid: number;
  /** The session to speak for until a hook names one: a provisional id. */
  readonly session: string;
  readonly membership: Membership;
  readonly open: OpenLine;
}

export interface Seat extends AsyncDisposable {
  readonly client: string;
  readonly membership: Membership;
  /** A hook named the session: the seat continues under this id. */
  speakFor(session: string): void;
  /** We are a helper of the session, not the session: messages go out without taking its seat. */
  stayAside(): void;
  /** The attached connection; opened if there is none. `launch`: start a missing daemon. */
  line(options: { readonly launch: boolean }): Promise<Result<DaemonLine, IpcCode>>;
  /** Closes the connection: the daemon is about to end, or to be replaced. */
  release(): void;
  /** How many new items the daemon says are waiting for this seat; undefined if unknown. */
  readonly unread: number | undefined;
  /** Whether there is a connection right now for the speaking session. */
  readonly attached: boolean;
}

/** Creates a seat. Nothing is opened and no file is touched before `line` is called in a project that has joined. */
export function createSeat(parts: SeatParts): Seat {
  let wanted = parts.session;
  let bound: { readonly line: DaemonLine; readonly bare: DaemonLine; session: string } | undefined;
  let unread: number | undefined;
  let opening: { readonly launch: boolean; readonly result: Promise<Result<DaemonLine, IpcCode>> } | undefined;
  let ended = false;
  let aside = false;

  const drop = (): void => {
    bound?.line.close();
    bound = undefined;
    unread = undefined;
  };

  /** What a leaving daemon doesn't accept is asked of its successor. */
  const lasting = (line: DaemonLine): DaemonLine => ({
    closed: line.closed,
    close: () => line.close(),
    request: askAgain(line, async () => {
      const next = await seat.line({ launch: true });
      return next.ok ? ok(bound?.bare ?? next.value) : next;
    }),
  });

  const open = async (launch: boolean): Promise<Result<DaemonLine, IpcCode>> => {
    let moved = false;
    const onPush = (push: Push): void => {
      if (push.push === "moved") moved = true;
      else hear(push);
    };
    const opened = await parts.open({ launch, onPush });
    if (!opened.ok) return opened;
    const line = lasting(opened.value);
    const session = wanted;
    const attached = aside
      ? ok(undefined)
      : await opened.value.request("attach", { client: parts.client, session, pid: parts.pid });
    if (!attached.ok && attached.code === "moved" && !ended) {
      await line.closed;
      return open(true);
    }
    if (!attached.ok || ended) {
      line.close();
      return attached.ok ? fail("internal", "This session has ended.") : attached;
    }
    bound = { line, bare: opened.value, session };
    void line.closed.then(() => {
      const mine = bound?.line === line;
      if (mine) drop();
      if (mine && moved && !ended) void seat.line({ launch: true });
    });
    return ok(line);
  };

  const hear = (push: Push): void => {
    if (push.push === "unread") unread = push.count;
  };

  const seat: Seat = {
    client: parts.client,
    membership: parts.membership,
    speakFor(session) {
      if (session === "") return;
      // The provisional seat isn't the session's: a resumed session has its own.
      if (wanted === parts.session && session !== wanted) drop();
      wanted = session;
    },
    stayAside() {
      aside = true;
    },
    async line({ launch }) {
      if (!parts.membership.joined()) {
        drop();
        return fail("not-joined", "This project is not in a room; the user joins one with `start`.");
      }
      if (bound === undefined) {
        // One opening at a time; one that may launch doesn't wait for one that may not.
        if (opening === undefined || (launch && !opening.launch)) {
          const earlier = opening?.result;
          const result = (async () => {
            const before = await earlier;
            return before?.ok ? before : await open(launch);
          })();
          opening = { launch, result };
          const mine = opening;
          void result.finally(() => {
            if (opening === mine) opening = undefined;
          });
        }
        const opened = await opening.result;
        if (!opened.ok) return opened;
      }
      if (bound === undefined) return fail("not-joined", "The room's daemon has just stopped.");
      if (bound.session !== wanted && !aside) {
        const moved = bound;
        moved.session = wanted;
        const result = await moved.line.request("resession", { session: moved.session });
        if (!result.ok) {
          drop();
          return result;
        }
      }
      return ok(bound.line);
    },
    release: drop,
    get unread() {
      return bound === undefined ? undefined : unread;
    },
    get attached() {
      return bound !== undefined && bound.session === wanted;
    },
    async [Symbol.asyncDispose]() {
      ended = true;
      drop();
      await opening?.result.catch(() => undefined);
    },
  };
  return seat;
}
