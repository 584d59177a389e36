// A daemon as seen through ipc: the real server on the real socket, with answers written by a test.
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Home, putProject } from "@agora/user-config";
import { type Handlers, openServer, type Push, type RequestName, type Session } from "@agora/ipc";
import { fail, ok } from "@agora/protocol";
import { silentLog, systemClock } from "@agora/ports";
import type { Answers } from "../src/scripted-line.ts";
import { REQUESTS } from "@agora/ipc/requests";

export const VERSION = "0.0.0-test";

/** A user's home and one of their projects, in a folder that is removed afterwards. */
export interface Place extends AsyncDisposable {
  readonly home: Home;
  readonly project: string;
  /** The environment of a client's process there. */
  readonly env: Record<string, string>;
  join(joined: boolean): Promise<void>;
}

export function openPlace(): Place {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "am-")));
  const home = { path: join(root, "agora") };
  const project = join(root, "project");
  mkdirSync(project);
  return {
    home,
    project,
    env: { PATH: process.env["PATH"] ?? "", HOME: root, AGORA_HOME: home.path, CLAUDE_PROJECT_DIR: project },
    async join(joined) {
      const relay = "ws://127.0.0.1:1/ws";
      const entry = {
        path: project,
        relay,
        origin: "ws://127.0.0.1:1",
        room: "lobby",
        name: "alice",
        mode: "manual",
        joined,
      } as const;
      const put = await putProject(home, entry);
      if (!put.ok) throw new Error(put.message);
    },
    [Symbol.asyncDispose]: async () => rmSync(root, { recursive: true, force: true }),
  };
}

export interface FakeDaemon extends AsyncDisposable {
  answers: Answers;
  readonly asked: { readonly name: RequestName; readonly args: unknown }[];
  push(push: Push): void;
  readonly sessions: number;
}

const EMPTY = { items: [], inbox: 0, skipped: 0 };
const DEFAULTS: Answers = {
  attach: () => ({ ...SEAT_STATE }),
  resession: () => ({ ...SEAT_STATE }),
  prompt: () => EMPTY,
  sign: () => EMPTY,
  turnEnd: () => EMPTY,
  detach: () => ({}),
};

export const SEAT_STATE = {
  name: "alice",
  seat: "claude",
  room: "lobby",
  mode: "manual",
  connection: { state: "joined", relay: "ws://127.0.0.1:1/ws", room: "lobby", name: "alice" },
  inbox: 0,
} as const;

/** Listens where the project's daemon would. */
export async function openFakeDaemon(place: Place, answers: Answers = {}): Promise<FakeDaemon> {
  const sessions = new Set<Session>();
  const asked: { name: RequestName; args: unknown }[] = [];
  const answer = async (name: RequestName, args: never, session: Session): Promise<unknown> => {
    if (!sessions.has(session)) {
      sessions.add(session);
      session.onClose(() => sessions.delete(session));
    }
    asked.push({ name, args });
    const given = await ((daemon.answers[name] ?? DEFAULTS[name]) as ((args: never) => unknown) | undefined)?.(args);
    if (given === undefined) return fail("bad-request", `The test has no answer to ${name}.`);
    return typeof given === "object" && given !== null && "ok" in given ? given : ok(given);
  };
  const names = Object.keys(REQUESTS) as RequestName[];
  const handlers = Object.fromEntries(
    names.map((name) => [name, (args: never, session: Session) => answer(name, args, session)]),
  ) as unknown as Handlers;
  const { home, project } = place;
  const opened = await openServer({ home, project, version: VERSION, handlers, log: silentLog, clock: systemClock });
  if (!opened.ok) throw new Error(opened.message);
  const daemon: FakeDaemon = {
    answers,
    asked,
    push: (push) => sessions.forEach((session) => session.push(push)),
    get sessions() {
      return sessions.size;
    },
    [Symbol.asyncDispose]: () => opened.value[Symbol.asyncDispose](),
  };
  return daemon;
}
