// An in-memory daemon connection whose answers a test writes; the twin of the ipc client. Not part of the product.
import type { IpcCode, Push, RequestArgs, RequestName, Results } from "@agora/ipc";
import { fail, ok, type Result } from "@agora/protocol";
import type { DaemonLine, Membership, OpenLine } from "./daemon-line.ts";

/** Answers by request name: a value, or a function that makes one. */
export type Answers = {
  [N in RequestName]?: (args: RequestArgs<N>) => Answer<Results[N]> | Promise<Answer<Results[N]>>;
};

type Answer<T> = T | Result<T, IpcCode>;

export interface ScriptedDaemon {
  readonly open: OpenLine;
  readonly membership: Membership;
  /** Every request, in order: `name` and its arguments. */
  readonly asked: { readonly name: RequestName; readonly args: unknown }[];
  /** The names of the requests since the last call. */
  news(): RequestName[];
  answers: Answers;
  joined: boolean;
  /** Whether a daemon is running; a launch starts it. */
  running: boolean;
  launches: number;
  push(push: Push): void;
  /** The daemon dies: all connections break. */
  kill(): void;
}

/** A running daemon that has joined and has nothing to say. */
export function scriptedDaemon(answers: Answers = {}): ScriptedDaemon {
  const lines = new Set<{ readonly end: () => void; readonly onPush: (push: Push) => void }>();
  let read = 0;
  const daemon: ScriptedDaemon = {
    asked: [],
    answers,
    joined: true,
    running: true,
    launches: 0,
    membership: { project: "/project", joined: () => daemon.joined },
    news() {
      const names = daemon.asked.slice(read).map(({ name }) => name);
      read = daemon.asked.length;
      return names;
    },
    push: (push) => lines.forEach((line) => line.onPush(push)),
    kill() {
      daemon.running = false;
      lines.forEach((line) => line.end());
    },
    async open({ launch, onPush }) {
      if (!daemon.running && launch) {
        daemon.running = true;
        daemon.launches += 1;
      }
      return daemon.running ? ok(newLine(onPush)) : fail("gone", "The room's daemon is not running.");
    },
  };

  const newLine = (onPush: (push: Push) => void): DaemonLine => {
    const { promise: closed, resolve } = deferred();
    let open = true;
    const entry = {
      onPush,
      end: () => {
        open = false;
        lines.delete(entry);
        resolve();
      },
    };
    lines.add(entry);
    return {
      closed,
      close: entry.end,
      async request<N extends RequestName>(name: N, args: RequestArgs<N>): Promise<Result<Results[N], IpcCode>> {
        if (!open) return fail("gone", "The line is closed.");
        daemon.asked.push({ name, args });
        const answer = await (daemon.answers[name] as ((args: RequestArgs<N>) => unknown) | undefined)?.(args);
        if (answer === undefined) return ok((DEFAULTS[name] ?? {}) as Results[N]);
        const isResult = typeof answer === "object" && answer !== null && "ok" in answer;
        return isResult ? (answer as Result<Results[N], IpcCode>) : ok(answer as Results[N]);
      },
    };
  };
  return daemon;
}

const EMPTY = { items: [], inbox: 0, skipped: 0 };
const DEFAULTS: { [N in RequestName]?: unknown } = { prompt: EMPTY, sign: EMPTY, turnEnd: EMPTY };

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

/** A line of the room, as a peer's message. */
export function peerLine(id: string, text: string) {
  return {
    id,
    thread: id,
    author: "bob",
    seat: "claude",
    role: "agent",
    kind: "message",
    to: [{ member: "alice" }],
    text,
    time: 1_700_000_000_000,
    at: 1_700_000_000_000,
    hop: 1,
    mine: false,
  } as const;
}
