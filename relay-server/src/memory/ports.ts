// What a relay that stands alone stands on: everything in this process, answered at once, gone with it.
import type { Clock } from "@agora/ports";
import type { RelayPorts } from "../ports/ports.ts";
import { memoryBus } from "./bus.ts";
import { memoryEventLog } from "./event-log.ts";
import { memoryNames } from "./names.ts";
import type { RingBudget } from "./ring-budget.ts";
import type { RingLimits } from "./ring.ts";

/** Makes the three ports in memory. */
export function memoryPorts(limits: RingLimits, clock: Clock, budget?: RingBudget): RelayPorts {
  return { events: memoryEventLog(limits, clock, budget), names: memoryNames(clock), bus: memoryBus() };
}
