// Faults: how each kind begins and how it is undone. `undo` resolves when what it took away is back.
import { startCleaning } from "./clean.ts";
import type { FaultKind } from "./plan.ts";
import { startFlood } from "./flood.ts";
import type { SoakNetwork } from "./test-network.ts";
import { TOKEN } from "./soak-relay.ts";
import { setTimeout as sleep } from "node:timers/promises";

/** A fault under way. */
export interface Disturbance {
  undo(): Promise<void>;
}

/** How long a half-open connection may stay undetected before the run goes on without it, milliseconds. */
const DETECTED_WITHIN_MS = 90_000;

const DAY_MS = 24 * 3_600_000;

let floods = 0;
let jumps = 0;

/** Begins a fault. */
export async function disturb(town: SoakNetwork, kind: FaultKind, index: number): Promise<Disturbance> {
  const { relay } = town;
  const member = town.members[index % town.members.length]!;
  const { path } = member;
  const network = (begin: () => void): Disturbance => {
    begin();
    return { undo: async () => path.open() };
  };
  switch (kind) {
    case "kill-relay":
      await relay.kill();
      return { undo: () => relay.start() };
    case "stop-relay":
      relay.signal("SIGSTOP");
      return { undo: async () => relay.signal("SIGCONT") };
    case "kill-daemon":
      member.killDaemon();
      return { undo: () => member.reviveDaemon() };
    case "stop-daemon":
      member.signalDaemon("SIGSTOP");
      return { undo: async () => member.signalDaemon("SIGCONT") };
    case "kill-seat":
      member.signalSeat("SIGKILL");
      return { undo: async () => member.startSeat() };
    case "stop-seat":
      member.signalSeat("SIGSTOP");
      return { undo: async () => member.signalSeat("SIGCONT") };
    case "cut":
      path.cut();
      return { undo: async () => path.cut() };
    case "freeze":
      return network(() => path.freeze());
    case "unreachable":
      return network(() => path.unreachable());
    case "slow-reader":
      return network(() => path.slow());
    case "delay":
      return network(() => path.late());
    case "half-open": {
      const { made } = path;
      path.abandon();
      return {
        async undo() {
          // The machine's network is back when a new connection is there: noticing is part of what is tested.
          const end = Date.now() + DETECTED_WITHIN_MS;
          while (path.made === made && Date.now() < end) await sleep(50);
        },
      };
    }
    case "stall": {
      member.signalDaemon("SIGSTOP");
      const asked = member.askAround();
      return {
        async undo() {
          member.signalDaemon("SIGCONT");
          town.complaints.push(...(await asked));
        },
      };
    }
    case "flood": {
      const flood = startFlood(
        relay.port,
        TOKEN,
        (floods += 1),
        town.members.map(({ name }) => name),
      );
      return {
        async undo() {
          await flood.over;
          town.strangers += flood.names;
        },
      };
    }
    case "clock":
      jumps += 1;
      member.jumpClock(jumps % 2 === 0 ? DAY_MS : -DAY_MS); // under its running daemon
      return {
        undo() {
          member.killDaemon();
          member.jumpClock(0);
          return member.reviveDaemon();
        },
      };
    case "two-writers": {
      const second = member.startSecond();
      return {
        async undo() {
          town.complaints.push(...(await second.end()));
        },
      };
    }
    case "clean": {
      const cleaning = startCleaning(member.project);
      return {
        async undo() {
          town.complaints.push(...(await cleaning.end()));
        },
      };
    }
    case "full-disk":
      town.disk?.fill(member);
      return { undo: async () => town.disk?.free(member) };
  }
}
