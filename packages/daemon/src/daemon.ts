// The daemon of one project: claims the project's socket, opens its memory, joins the room, serves ipc, and leaves in order.
// The only composition of real parts.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { readText } from "@agora/ports/read-text";
import {
  editProject,
  findProject,
  type Home,
  openPins,
  openRelayPins,
  resolveSettings,
  saveToken,
  type Project,
  type Settings,
} from "@agora/user-config";
import { handOver, leaveRefusal, RequestRefused, takePlace } from "@agora/ipc";
import {
  createDial,
  createLaterVerifier,
  createSigner,
  createVerifier,
  type Dial,
  fileLog,
  systemClock,
} from "@agora/ports";
import { DEFAULT_LIMITS, fail, ok, type Result } from "@agora/protocol";
import { createHandlers } from "@agora/member";
import { checkShown, claimFolder, openMemoryFolder } from "./folder.ts";
import { type Mirror, openMirror } from "./mirror/mirror.ts";
import { checkProjectMemory, openProjectMemory } from "./project-memory.ts";
import { createRoom } from "./room-folder.ts";
import type { Room } from "@agora/member";
import { inviteKeys } from "./invite-keys.ts";
import { findOwner } from "./owner.ts";
import { isProcessRunning } from "@agora/member";
import { openStore } from "./open-store.ts";
import { folderDisk } from "./folder-disk.ts";
import { retentionOf } from "@agora/member";
import { lockWriter } from "./writer-lock.ts";
import { openKeys } from "./person.ts";

/** A running daemon. */
export interface Daemon extends AsyncDisposable {
  /** Settles when the daemon has left: it was told to stop, or another took over. */
  readonly left: Promise<void>;
}

const HANDSHAKE_TIMEOUT_MS = 10_000;
/** How long after answering `stop` the daemon exits. */
const LEAVE_AFTER_MS = 50;

/**
 * Starts the daemon of a project that the user's registry lists as joined. An older daemon hands over; `already-running`:
 * one that isn't older is serving, and all is well. Any other failure is one sentence for the person who launched it.
 */
export async function startDaemon(options: {
  readonly project: string;
  readonly home: Home;
  readonly version: string;
  /** A daemon of the same version hands over, too. */
  readonly again?: boolean;
}): Promise<Result<Daemon>> {
  const { home, version, again = false } = options;
  const joined = await findJoined(home, options.project);
  if (!joined.ok) return joined;
  const { project, settings, shown } = joined.value;
  makeQuietly(shown);
  const clock = systemClock;
  const log = fileLog(join(shown, "daemon.log"));

  let giveRoom: (room: Room) => void = () => undefined;
  let failRoom: (error: Error) => void = () => undefined;
  const room = new Promise<Room>((resolve, reject) => {
    giveRoom = resolve;
    failRoom = reject;
  });
  room.catch(() => undefined); // a request that arrives meanwhile reports it
  let leaving: Promise<void> | undefined;
  let settleLeft: () => void = () => undefined;
  const left = new Promise<void>((resolve) => {
    settleLeft = resolve;
  });

  const handlers = createHandlers({
    room: () => room,
    version,
    startedAt: clock.now(),
    isRunning: isProcessRunning,
    async handOver(to) {
      log.info("handing-over", { to });
      const { seats } = await room;
      if (server.ok && leaving === undefined) void handOver(server.value, () => seats.rest(), close);
    },
    async leave() {
      await editProject(home, project.path, { joined: false });
      setTimeout(() => void close(), LEAVE_AFTER_MS);
    },
  });
  const server = await takePlace({ home, project: project.path, version, again, handlers, log, clock });
  if (!server.ok) return server;

  // Last of all: whoever waits for the socket's end may take the folders away, so nothing is written after it.
  const goLast = (): PromiseLike<void> => {
    log.info("left");
    return server.value[Symbol.asyncDispose]();
  };
  const undo: (() => PromiseLike<unknown> | void)[] = [goLast];
  const close = (): Promise<void> => {
    leaving ??= (async () => {
      for (const step of undo.reverse()) {
        try {
          await step();
        } catch (error) {
          log.warn("close", { message: String(error) });
        }
      }
      settleLeft();
    })();
    return leaving;
  };
  const giveUp = async (failure: { readonly code: string; readonly message: string }): Promise<Result<Daemon>> => {
    failRoom(new RequestRefused(failure.message));
    await new Promise((resolve) => setTimeout(resolve, LEAVE_AFTER_MS)); // requests made meanwhile learn why
    await close();
    return fail(failure.code, failure.message);
  };

  // Only now: the socket is ours, so nobody else writes these files.
  const { name } = project;
  const { origin } = settings.relay;
  const { room: roomName } = settings;
  // Whoever stopped the project meanwhile found no socket to say so at.
  const still = listedAsJoined(home, project.path);
  const memory = still.ok ? await openProjectMemory(home, project, shown, log) : still;
  if (!memory.ok) return giveUp(memory);
  const folder = openMemoryFolder(memory.value.path, shown);
  if (!folder.ok) return giveUp(folder);
  const writer = await lockWriter(home, folder.value);
  if (!writer.ok) return giveUp(writer);
  undo.push(() => writer.value.release());
  void writer.value.taken.then(() => {
    log.warn("writer-replaced");
    return close();
  });
  const keys = await openKeys(home, { origin, room: roomName, name, as: "member", sharesHost: settings.share.host });
  if (!keys.ok) return giveUp(keys);
  const { pair, person } = keys.value;
  const claimed = claimFolder(folder.value, { origin, room: roomName, name }, clock.now(), pair.at);
  if (!claimed.ok) return giveUp(claimed);
  if (claimed.value.moved !== undefined) log.info("journals-moved", { path: claimed.value.moved });
  let mirror: Mirror | undefined;
  const store = openStore({
    folder: folder.value,
    mark: claimed.value.mark,
    clock,
    log,
    keep: retentionOf(settings),
    disk: folderDisk(folder.value, log, (journal, line, offset) => mirror?.line(journal, line, offset)),
  });
  if (!store.ok) return giveUp(store);
  const opened = openMirror({ home, project: project.path, id: memory.value.id, folder: folder.value, clock, log });
  mirror = opened;
  undo.push(() => opened.close());
  undo.push(() => store.value.close());
  const pins = await openPins(home, origin, roomName);
  if (!pins.ok) return giveUp(pins);
  undo.push(() => pins.value[Symbol.asyncDispose]());
  const relayPins = openRelayPins(home, origin, (message) => log.warn("relay-key-not-kept", { message }));
  if (!relayPins.ok) return giveUp(relayPins);
  const dial = dialOf(settings);
  if (!dial.ok) return giveUp(dial);

  const owner = await findOwner(home, { room: roomName, name, key: pair.key, root: settings.root });
  const live = createRoom({
    owner,
    project,
    settings,
    inviteKeys,
    keepToken: (token) => saveToken(home, { origin, room: roomName, token }),
    keepMode: (mode) => editProject(home, project.path, { mode }),
    folder: folder.value,
    mirror: opened,
    store: store.value,
    pins: pins.value,
    relayPins: relayPins.value,
    signer: createSigner(pair),
    person,
    verifier: createVerifier(),
    laterVerifier: createLaterVerifier(),
    clock,
    log,
    version,
    dial: dial.value,
  });
  undo.push(() => live.stop());
  void server.value.replaced.then(() => {
    log.warn("replaced");
    return close();
  });
  live.start();
  giveRoom(live);
  log.info("started", { pid: process.pid, version, project: project.path });
  return ok({ left, [Symbol.asyncDispose]: close });
}

/** The project as the registry lists it, its settings, and its folder `.agora`, of which nothing was made yet. */
async function findJoined(
  home: Home,
  path: string,
): Promise<Result<{ readonly project: Project; readonly settings: Settings; readonly shown: string }>> {
  const listed = listedAsJoined(home, path);
  if (!listed.ok) return listed;
  const project = listed.value;
  const settings = await resolveSettings({ home, path: project.path, project, env: {}, trustEnv: false });
  if (!settings.ok) return settings;
  const shown = join(project.path, ".agora");
  const isShown = checkShown(shown);
  if (!isShown.ok) return isShown;
  const checked = checkProjectMemory(home, project);
  return checked.ok ? ok({ project, settings: settings.value, shown }) : checked;
}

function listedAsJoined(home: Home, path: string): Result<Project> {
  const place = findProject(home, path);
  if (!place.ok) return place;
  const { project } = place.value;
  if (project === undefined || project.path !== place.value.path || !project.joined)
    return fail("not-joined", `This project has not joined a room: start it with \`agora start\`.`);
  return ok(project);
}

/** A project that can't be written to still has a member: only what people would read there is missing. */
function makeQuietly(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch {
    // It exists, or the mirror reports why it doesn't.
  }
}

/** How the relay is reached. */
function dialOf({ caFile, maxPayloadBytes }: Settings): Result<Dial, "bad-file"> {
  const ca = caFile === undefined ? undefined : readCa(caFile);
  if (ca?.ok === false) return ca;
  return ok(
    createDial({
      maxFrameBytes: maxPayloadBytes ?? DEFAULT_LIMITS.frameBytes * 2,
      handshakeTimeoutMs: HANDSHAKE_TIMEOUT_MS,
      ...(ca === undefined ? {} : { ca: [ca.value] }),
    }),
  );
}

function readCa(path: string): Result<string, "bad-file"> {
  try {
    return ok(readText(path));
  } catch {
    return fail(
      "bad-file",
      `The file of certificate authorities ${path} can't be read: correct caFile in the settings.`,
    );
  }
}

/** The role `agora daemon PROJECT`: runs until it has left; returns the exit code. */
export async function runDaemon(options: {
  readonly project: string;
  readonly home: Home;
  readonly version: string;
  readonly again?: boolean;
  /** Called once it serves. */
  readonly started?: () => void;
}): Promise<number> {
  const started = await startDaemon(options);
  if (!started.ok) {
    if (started.code === "already-running") return 0;
    leaveRefusal(options.home, options.project, started.message);
    process.stderr.write(`agora daemon: ${started.message}\n`);
    return 1;
  }
  const daemon = started.value;
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => void daemon[Symbol.asyncDispose]());
  process.on("uncaughtException", (error) => {
    process.stderr.write(`agora daemon: ${error.message}\n`);
    process.exitCode = 1;
    void daemon[Symbol.asyncDispose]();
  });
  options.started?.();
  const alive = setInterval(() => undefined, 60_000); // our timers are unreferenced: this one keeps the process alive
  await daemon.left;
  clearInterval(alive);
  return Number(process.exitCode ?? 0);
}
