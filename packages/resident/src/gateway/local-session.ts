// A client session for callers inside this process, as the daemon's parts expect it: bound to a seat, and ended by us.
import type { Push, Session } from "@agora/ipc";

export interface LocalSession extends Session {
  end(): void;
}

/** Creates a session that is open until `end`; `push` takes what it is told unasked. */
export function createLocalSession(id: string, push: (push: Push) => void = () => undefined): LocalSession {
  const closers = new Set<() => void>();
  let closed = false;
  return {
    id,
    get closed() {
      return closed;
    },
    push,
    onClose(fn) {
      const own = (): void => fn();
      if (closed) own();
      else closers.add(own);
      return () => void closers.delete(own);
    },
    end() {
      if (closed) return;
      closed = true;
      for (const fn of closers) fn();
      closers.clear();
    },
  };
}
