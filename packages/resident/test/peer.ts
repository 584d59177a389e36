// Another member of the room: a real one over the same relay, like a project's daemon.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Room } from "@agora/member";
import { keyPair, openPins, openRelayPins, resolveSettings } from "@agora/user-config";
import type { Handlers, RequestArgs, Session } from "@agora/ipc";
import { createDial, createVerifier, silentLog, systemClock } from "@agora/ports";
import { createLocalSession } from "../src/gateway/local-session.ts";
import { openLiveMember, openMemberFolder } from "../src/live-member.ts";
import { must, ROOM } from "./waiting.ts";
import { PATIENCE_MS, until } from "../../../test/wait-until.ts";

export interface Peer extends AsyncDisposable {
  readonly room: Room;
  /** Says something as its person, or as its agent. */
  say(
    text: string,
    to?: readonly string[],
    more?: Partial<RequestArgs<"say">>,
  ): Promise<{ readonly id: string; readonly thread: string }>;
  /** Resolves when it sees the member as online, or as away. */
  sees(name: string, online?: boolean): Promise<void>;
  /** The texts it has received, oldest first. */
  texts(): Promise<readonly string[]>;
  /** How far one of its own messages has come towards a member. */
  delivery(id: string, member: string): { readonly state: string; readonly reason?: string } | undefined;
  readonly handlers: Handlers;
  readonly session: Session;
}

/** Joins the room as `name`; a `kept` folder is reused by its next life, and removed by whoever created it. */
export async function openPeer(relay: string, name: string, token: string, kept?: string): Promise<Peer> {
  const dir = kept ?? mkdtempSync(join(tmpdir(), "agora-peer-"));
  const home = { path: join(dir, "home") };
  const settings = must(
    await resolveSettings({ home, path: dir, env: {}, trustEnv: true, typed: { relay, token, room: ROOM, name } }),
  );
  const identity = { origin: settings.relay.origin, room: ROOM, name };
  const pins = must(await openPins(home, identity.origin, ROOM));
  const relayPins = must(openRelayPins(home, identity.origin, () => undefined));
  const live = must(
    openLiveMember(
      {
        folder: must(openMemberFolder(join(dir, "member"))),
        settings,
        keys: must(await keyPair(home, identity)),
        facts: {},
        log: silentLog,
        leave: () => Promise.resolve(),
      },
      { clock: systemClock, version: "test", verifier: createVerifier() },
      { pins, relayPins, dial: createDial({ maxFrameBytes: 32 * 1024 * 1024, handshakeTimeoutMs: PATIENCE_MS }) },
    ),
  );
  await until("the peer has joined", () => live.room.connection().state === "joined");
  const session = createLocalSession(name);
  return {
    room: live.room,
    handlers: live.handlers,
    session,
    async say(text, to = [], more = {}) {
      return must(await live.handlers.say({ via: "cli", text, to: [...to], ...more }, session));
    },
    async sees(name, online = true) {
      await until(
        `${name} is ${online ? "here" : "away"}`,
        () => (live.room.members.get(name) !== undefined) === online,
      );
    },
    async texts() {
      return must(await live.handlers.history({ limit: 1_000 }, session)).lines.map((line) => line.text);
    },
    delivery: (id, member) => live.store.state.outbox[id]?.recipients[member],
    async [Symbol.asyncDispose]() {
      await live[Symbol.asyncDispose]();
      await pins[Symbol.asyncDispose]();
      if (kept === undefined) rmSync(dir, { recursive: true, force: true });
    },
  };
}
