// A relay's HTTP pages, from its counters.
import type { Registry } from "prom-client";
import type { Connection } from "./connection.ts";
import { createConsolePages } from "./console-pages.ts";
import type { RelayContext } from "./context.ts";
import type { Counts } from "./counts.ts";
import type { Pages } from "./http.ts";
import type { RingBudget } from "./memory/ring-budget.ts";
import type { Gauges } from "./metrics.ts";
import { isServedHost } from "./served-hosts.ts";

/** The pages of a relay. */
export function pagesOf(
  relay: RelayContext,
  connections: ReadonlySet<Connection>,
  budget: RingBudget,
  isClosing: () => boolean,
): Pages {
  const gauges = {
    rooms: () => relay.rooms.size,
    members: () => relay.rooms.members,
    connections: () => connections.size,
    ringBytes: () => budget.bytes,
    memoryLimitBytes: () => relay.config.memoryBytes,
    unsentBytes: () => [...connections].reduce((sum, connection) => sum + connection.writer.unsentBytes, 0),
  };
  let registry: Promise<Registry> | undefined;
  return {
    metrics: relay.config.metrics,
    console: relay.config.console ? createConsolePages(relay.config) : undefined,
    serves: (host) => relay.config.publicUrl !== undefined || isServedHost(host, relay.config),
    status: () => (isClosing() ? "closing" : "ok"),
    ...gauges,
    async metricsText() {
      registry ??= loadMetrics(relay.counts, gauges);
      const made = await registry;
      return { text: await made.metrics(), type: made.contentType };
    },
  };
}

// Loaded at the first request only: most relays are never asked.
async function loadMetrics(counts: Counts, gauges: Gauges): Promise<Registry> {
  const { createMetrics } = await import("./metrics.ts");
  return createMetrics(counts, gauges);
}
