// Everything a relay's rooms depend on.
import type { Bus } from "./bus.ts";
import type { EventLog } from "./event-log.ts";
import type { Names } from "./names.ts";

/** The three ports. Each may answer late, and each may fail. */
export interface RelayPorts {
  readonly events: EventLog;
  readonly names: Names;
  readonly bus: Bus;
}
