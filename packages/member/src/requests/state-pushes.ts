// The state of the room, pushed to whoever watches it: the answers to the requests whose row says `shown`, all of them at
// first, later those that changed. They are made soon after something happened, once for all who watch.
import type { Handlers, IpcCode, RequestName, Session } from "@agora/ipc";
import type { Snapshot } from "@agora/ipc/messages";
import { requestsThat, rowOf, takes } from "@agora/ipc/requests";
import type { Cancel } from "@agora/ports";
import { ok, type Result } from "@agora/protocol";
import type { Room } from "../room.ts";

/** What happens within this is pushed together, milliseconds. */
const TOGETHER_MS = 30;
/** And while much happens, so often at most, milliseconds. */
const PAUSE_MS = 150;
/** What changes by time alone (who is idle, when a limit ends) is made anew after this, milliseconds. */
const BY_TIME_MS = 30_000;

type Handler = (args: object, session: Session) => Promise<Result<unknown, IpcCode>>;

/** The arguments of each part. */
const PARTS: readonly (readonly [RequestName, object])[] = requestsThat(({ shown }) => shown !== undefined).map(
  (name) => {
    const row = rowOf(name);
    return [name, { ...row.shown, ...(takes(row, "via") ? { via: "console" } : {}) }];
  },
);

/** Nobody: the state is the same for all who watch. */
const NO_SESSION: Session = { id: "state", closed: false, push: () => undefined, onClose: () => () => undefined };

/** The handler of `watchState`; `handlers` answer the parts. */
export function createStatePushes(
  handlers: Omit<Handlers, "watchState">,
  roomOf: () => Promise<Room>,
): Handlers["watchState"] {
  let pushes: StatePushes | undefined;
  return async (_, session) => {
    pushes ??= new StatePushes(handlers as Readonly<Record<string, Handler>>, await roomOf());
    await pushes.add(session);
    return ok({ parts: PARTS.map(([name]) => name) });
  };
}

class StatePushes {
  readonly #handlers: Readonly<Record<string, Handler>>;
  readonly #room: Room;
  readonly #watching = new Set<Session>();
  /** Each part as it was pushed last. */
  readonly #told = new Map<RequestName, string>();
  #known: Snapshot = {};
  #making: Promise<void> | undefined;
  #madeAt = -Infinity;
  /** When each part that is made less often was made last. */
  readonly #partMadeAt = new Map<RequestName, number>();
  #cancel: Cancel | undefined;
  #later: Cancel | undefined;
  #unhear: readonly Cancel[] = [];

  constructor(handlers: Readonly<Record<string, Handler>>, room: Room) {
    this.#handlers = handlers;
    this.#room = room;
  }

  /** Pushes everything to this session, and what changes until it closes. */
  async add(session: Session): Promise<void> {
    this.#hear();
    await this.#make();
    if (session.closed) return this.#endIfUnwatched();
    session.push({ push: "state", ...this.#known });
    this.#watching.add(session);
    this.#hear(); // somebody else may have been the last to leave meanwhile
    session.onClose(() => {
      this.#watching.delete(session);
      this.#endIfUnwatched();
    });
  }

  #hear(): void {
    if (this.#unhear.length > 0) return;
    const { on, files, clock } = this.#room;
    const soon = (): void => this.#soon();
    this.#unhear = [on.change(soon), files.onProgress(soon), clock.every(BY_TIME_MS, soon)];
  }

  #endIfUnwatched(): void {
    if (this.#watching.size > 0) return;
    for (const cancel of this.#unhear) cancel();
    this.#unhear = [];
    this.#cancel?.();
    this.#cancel = undefined;
    this.#later?.();
    this.#later = undefined;
  }

  #soon(): void {
    const { clock } = this.#room;
    const inMs = Math.max(TOGETHER_MS, this.#madeAt + PAUSE_MS - clock.steady());
    this.#cancel ??= clock.after(inMs, () => {
      this.#cancel = undefined;
      void this.#make();
    });
  }

  /** Makes the parts. What is being made already may lack what happened since: they are made once more after that. */
  #make(): Promise<void> {
    const made = (this.#making ?? Promise.resolve())
      .then(() => this.#makeNow())
      .finally(() => {
        if (this.#making === made) this.#making = undefined;
      });
    this.#making = made;
    return made;
  }

  async #makeNow(): Promise<void> {
    const changed: Record<string, unknown> = {};
    for (const [name, args] of PARTS) {
      if (this.#isLater(name)) continue;
      const answer = await this.#ask(name, args);
      if (answer?.ok !== true) continue; // a part that this member doesn't have
      const text = JSON.stringify(answer.value, withoutTimeLeft);
      if (this.#told.get(name) === text) continue;
      this.#told.set(name, text);
      changed[name] = answer.value;
    }
    this.#madeAt = this.#room.clock.steady();
    if (Object.keys(changed).length === 0) return;
    this.#known = { ...this.#known, ...changed };
    for (const session of this.#watching) session.push({ push: "state", ...changed });
  }

  /** Whether a part was made so lately that it is made later; then it is. */
  #isLater(name: RequestName): boolean {
    const everyMs = rowOf(name).shownEveryMs ?? 0;
    if (everyMs === 0) return false;
    const { clock } = this.#room;
    const now = clock.steady();
    const dueIn = (this.#partMadeAt.get(name) ?? -Infinity) + everyMs - now;
    if (dueIn > 0) {
      this.#later ??= clock.after(dueIn, () => {
        this.#later = undefined;
        if (this.#watching.size > 0) this.#soon();
      });
      return true;
    }
    this.#partMadeAt.set(name, now);
    return false;
  }

  async #ask(name: RequestName, args: object): Promise<Result<unknown, IpcCode> | undefined> {
    try {
      return await this.#handlers[name]!(args, NO_SESSION);
    } catch (error) {
      const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
      this.#room.log.warn("state-part", { part: name, message: message.slice(0, 2_000) });
      return undefined;
    }
  }
}

/** What is left of a time is other at each moment, and follows from when it ends. */
function withoutTimeLeft(key: string, value: unknown): unknown {
  return key === "leftMs" ? undefined : value;
}
