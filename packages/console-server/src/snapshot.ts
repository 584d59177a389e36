// What every page shows of the room besides its lines: polled once for all pages, and pushed when it has changed. Polling
// keeps the console independent of how the daemon works inside.
import { type Carrier, carryOut, type Session } from "@agora/ipc/carry-out";
import type { Snapshot } from "@agora/ipc/messages";
import { requestsThat, rowOf, takes } from "@agora/ipc/requests";
import type { Clock } from "@agora/ports";
import { LOOK_MS, LOOK_SOON_MS } from "./limits.ts";

/** The arguments of each part. */
const PARTS = requestsThat(({ shown }) => shown !== undefined).map((name) => {
  const row = rowOf(name);
  return [name, { ...row.shown, ...(takes(row, "via") ? { via: "console" } : {}) }] as const;
});

export interface StatePoller {
  /** Everything known now, for a page that has just connected. */
  all(): Promise<Snapshot>;
  /** Something happened: poll soon. */
  soon(): void;
  stop(): void;
}

/** Polls while `isNeeded`, and pushes what changed. */
export function createStatePoller(
  carrier: Carrier,
  clock: Clock,
  isNeeded: () => boolean,
  tell: (snapshot: Snapshot) => void,
): StatePoller {
  const session: Session = { id: "console", closed: false, push: () => undefined, onClose: () => () => undefined };
  const told = new Map<string, string>();
  let known: Snapshot = {};
  let looking: Promise<Snapshot> | undefined;
  let cancel: (() => void) | undefined;

  const look = async (): Promise<Snapshot> => {
    const changed: Record<string, unknown> = {};
    for (const [name, args] of PARTS) {
      const result = await carryOut(name, args, session, carrier);
      if (!result.ok) continue; // a part this daemon doesn't have
      const text = JSON.stringify(result.value);
      if (told.get(name) === text) continue;
      told.set(name, text);
      changed[name] = result.value;
    }
    known = { ...known, ...changed };
    return changed;
  };
  const lookOnce = (): Promise<Snapshot> =>
    (looking ??= look().finally(() => {
      looking = undefined;
    }));
  const tellChanges = async (): Promise<void> => {
    if (!isNeeded()) return;
    const changed = await lookOnce();
    if (Object.keys(changed).length > 0) tell(changed);
  };
  const stopLooking = clock.every(LOOK_MS, () => void tellChanges());
  return {
    async all() {
      const changed = await lookOnce();
      if (Object.keys(changed).length > 0) tell(changed);
      return known;
    },
    soon() {
      cancel ??= clock.after(LOOK_SOON_MS, () => {
        cancel = undefined;
        void tellChanges();
      });
    },
    stop() {
      cancel?.();
      stopLooking();
    },
  };
}
