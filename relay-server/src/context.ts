// What every frame handler may use: the relay's parts, created once in relay.ts.
import type { Clock, Log } from "@agora/ports";
import type { Signer, Verifier } from "@agora/protocol";
import type { RelayConfig } from "./config.ts";
import type { Counts } from "./counts.ts";
import type { Grants } from "./grants.ts";
import type { JoinRate } from "./join-rate.ts";
import type { NameKeeper } from "./name-keeper.ts";
import type { RelayPorts } from "./ports/ports.ts";
import type { Rooms } from "./rooms.ts";
import type { Seniority } from "./seniority.ts";
import type { Turns } from "./turns.ts";
import type { WriteTurn } from "./writer.ts";

/** The parts of one relay. */
export interface RelayContext {
  readonly config: RelayConfig;
  readonly clock: Clock;
  readonly log: Log;
  readonly verifier: Verifier;
  /** The relay's key; undefined if it has none. [PROOF-1] */
  readonly signer: Signer | undefined;
  readonly grants: Grants;
  readonly ports: RelayPorts;
  readonly names: NameKeeper;
  /** Joins under the same name wait for each other. */
  readonly joinTurns: Turns;
  readonly rooms: Rooms;
  readonly counts: Counts;
  readonly seniority: Seniority;
  readonly joinRate: JoinRate;
  /** Collects what is written in one turn of the event loop. */
  readonly turn: WriteTurn;
  /** How much one reader may leave unread. [CLOSE-4] */
  readonly maxUnsentBytes: number;
  /** Different each time the relay starts. */
  readonly life: string;
}
