// The relay's numbers for Prometheus. Created at the first request, so nobody pays who doesn't ask.
import { collectDefaultMetrics, Counter, Gauge, Registry } from "prom-client";
import type { Counts, Tally } from "./counts.ts";

/** What the gauges show. */
export interface Gauges {
  readonly rooms: () => number;
  readonly members: () => number;
  readonly connections: () => number;
  readonly unsentBytes: () => number;
  readonly ringBytes: () => number;
  readonly memoryLimitBytes: () => number;
}

/** Creates the registry; its `metrics()` reads the counters when called. */
export function createMetrics(counts: Counts, gauges: Gauges): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const tally = (name: string, help: string, label: string, source: Tally): void => {
    void new Counter({
      name,
      help,
      registers,
      labelNames: [label],
      collect() {
        this.reset();
        for (const [word, count] of source.entries()) this.inc({ [label]: word }, count);
      },
    });
  };
  const gauge = (name: string, help: string, read: () => number): void => {
    void new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  };
  tally("agora_frames_in_total", "Frames that clients sent, by type.", "type", counts.framesIn);
  tally("agora_frames_out_total", "Frames that were sent to clients, by type.", "type", counts.framesOut);
  tally("agora_refused_total", "What was refused, by code.", "code", counts.refused);
  tally("agora_closed_total", "Connections that ended, by close code.", "code", counts.closed);
  void new Counter({
    name: "agora_deliveries_total",
    help: "Events handed to members.",
    registers,
    collect() {
      this.reset();
      this.inc(counts.deliveries);
    },
  });
  gauge("agora_rooms", "Rooms that are open.", gauges.rooms);
  gauge("agora_members", "Members in all rooms.", gauges.members);
  gauge("agora_connections", "Open connections.", gauges.connections);
  gauge("agora_unsent_bytes", "Bytes that wait for slow readers.", gauges.unsentBytes);
  gauge("agora_ring_bytes", "Bytes that the recent events of all rooms take.", gauges.ringBytes);
  gauge(
    "agora_memory_limit_bytes",
    "Bytes that recent events and frames on their way may take.",
    gauges.memoryLimitBytes,
  );
  return registry;
}
