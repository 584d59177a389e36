// Assembles the parts of a relay.
import { randomBytes } from "node:crypto";
import { type Clock, createSigner, createVerifier, type KeyPair, type Log } from "@agora/ports";
import type { RelayConfig } from "./config.ts";
import type { RelayContext } from "./context.ts";
import { Counts } from "./counts.ts";
import { Grants } from "./grants.ts";
import { JoinRate } from "./join-rate.ts";
import { NameKeeper } from "./name-keeper.ts";
import type { RelayPorts } from "./ports/ports.ts";
import { Rooms } from "./rooms.ts";
import { Seniority } from "./seniority.ts";
import { Turns } from "./turns.ts";
import { WriteTurn } from "./writer.ts";

/** How much a reader may leave unread at least, bytes; two of the largest frames are always allowed. [CLOSE-4] */
const MIN_MAX_UNSENT_BYTES = 16 * 1024 * 1024;

/** What a relay is made from. */
export interface RelayMaterial {
  readonly config: RelayConfig;
  readonly clock: Clock;
  readonly log: Log;
  readonly ports: RelayPorts;
  /** The relay's key; undefined if it has none. */
  readonly pair: KeyPair | undefined;
}

/** Creates the parts of one relay, for a new run. */
export function makeContext({ config, clock, log, ports, pair }: RelayMaterial): RelayContext {
  const counts = new Counts();
  const life = randomBytes(9).toString("base64url");
  const verifier = createVerifier();
  return {
    config,
    clock,
    log,
    verifier,
    signer: pair === undefined ? undefined : createSigner(pair),
    grants: new Grants({ ...config, relayKey: pair }, clock, verifier),
    ports,
    names: new NameKeeper(ports.names, clock, life),
    joinTurns: new Turns(),
    rooms: new Rooms(ports, clock, counts, {
      all: config.maxRooms,
      perKey: config.limits.rooms ?? config.maxRooms,
      perAddress: config.maxRoomsPerAddress,
    }),
    counts,
    seniority: new Seniority(),
    joinRate: new JoinRate(clock),
    turn: new WriteTurn(),
    maxUnsentBytes: Math.max(MIN_MAX_UNSENT_BYTES, 2 * config.limits.frameBytes),
    life,
  };
}
