// The ports of a relay that stands alone: everything is in this process, answers immediately, and ends with it.
import type { Clock } from "@agora/ports";
import type { RelayPorts } from "../ports/ports.ts";
import { memoryBus } from "./bus.ts";
import { memoryEventLog } from "./event-log.ts";
import { memoryNames } from "./names.ts";
import type { RingBudget } from "./ring-budget.ts";
import type { RingLimits } from "./ring.ts";

/** Creates the three in-memory ports. */
export function memoryPorts(limits: RingLimits, clock: Clock, budget?: RingBudget): RelayPorts {
  return { events: memoryEventLog(limits, clock, budget), names: memoryNames(clock), bus: memoryBus() };
}
