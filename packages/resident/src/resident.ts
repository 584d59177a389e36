// A resident: the rooms it lives in and, if wanted, the gateway in front of them. If one part fails to start, the others are
// undone.
import type { Env, Home } from "@agora/user-config";
import { createLaterVerifier, createVerifier, systemClock } from "@agora/ports";
import { fail, ok, type Result } from "@agora/protocol";
import type { ResidentConfig } from "./config.ts";
import { type Gateway, openGateway } from "./gateway/gateway.ts";
import type { Shared } from "./live-member.ts";
import { openRoomHost, type RoomHost, roomSettings } from "./room-host.ts";

/** A running resident. */
export interface Resident extends AsyncDisposable {
  readonly rooms: readonly RoomHost[];
  readonly gateway: Gateway | undefined;
  /** Settles when a room was told to leave, or another resident took over. */
  readonly left: Promise<void>;
}

/** What a resident is started with. */
export interface ResidentOptions {
  readonly home: Home;
  readonly env: Env;
  readonly version: string;
  readonly config: ResidentConfig;
}

/** Starts it; any failure is one sentence for the person. */
export async function startResident(options: ResidentOptions): Promise<Result<Resident>> {
  const { home, env, version, config } = options;
  const shared: Shared = {
    clock: systemClock,
    version,
    verifier: createVerifier(),
    laterVerifier: createLaterVerifier(),
  };
  const undo: (() => PromiseLike<void>)[] = [];
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    for (const step of undo.reverse()) await step();
  };
  const giveUp = async (failure: Result<never> & { readonly ok: false }): Promise<typeof failure> => {
    await close();
    return failure;
  };

  const rooms: RoomHost[] = [];
  for (const room of config.rooms.length === 0 ? [undefined] : config.rooms) {
    const settings = await roomSettings({ home, env, relay: config.relay, room, name: config.name });
    if (!settings.ok) return giveUp(settings);
    if (rooms.some((r) => r.name === settings.value.room)) {
      return giveUp(fail("usage", `The room ${settings.value.room} is named twice.`));
    }
    const host = await openRoomHost(home, settings.value, shared);
    if (!host.ok) return giveUp(host);
    undo.push(() => host.value[Symbol.asyncDispose]());
    rooms.push(host.value);
  }
  let gateway: Gateway | undefined;
  if (config.gateway !== undefined) {
    const opened = await openGateway({ home, rooms, config: config.gateway, shared });
    if (!opened.ok) return giveUp(opened);
    gateway = opened.value;
    undo.push(() => opened.value[Symbol.asyncDispose]());
  }
  return ok({
    rooms,
    gateway,
    left: Promise.race(rooms.map((room) => room.left)),
    [Symbol.asyncDispose]: () => (closing ??= close()),
  });
}
