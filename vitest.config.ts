import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { LongestFirst } from "./test/longest-first.ts";
import { PATIENCE_MS, TEST_MS } from "./test/wait-until.ts";
import { PROCESS_TESTS, UNIT_TESTS } from "./test/test-kinds.ts";

const INSTALLED = "**/node_modules/**";
const REAL_CLIENTS = "test/clients";

const BOUNDS = {
  testTimeout: TEST_MS,
  hookTimeout: TEST_MS,
  teardownTimeout: PATIENCE_MS,
  expect: { poll: { timeout: PATIENCE_MS } },
};

/** Tests that start processes. */
const PROCESSES = {
  ...BOUNDS,
  // What these run is built once, before them.
  globalSetup: "test/build-before.ts",
  setupFiles: "test/own-folder.ts",
  pool: "forks",
  // Half of their time is waiting for processes, timers and networks: two files for each processor.
  maxWorkers: availableParallelism() * 2,
} as const;

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          ...BOUNDS,
          name: "unit",
          include: UNIT_TESTS.include,
          exclude: [INSTALLED, ...UNIT_TESTS.exclude],
          setupFiles: ["test/one-process.ts", "test/property-seed.ts"],
          // Loading modules is most of what these cost: a worker loads each once, for all its files. Not threads: those share
          // their descriptors, and what one test closes under its own journal may be another's file.
          pool: "forks",
          isolate: false,
          // Half of their time is waiting for sockets and timers, too.
          maxWorkers: availableParallelism() * 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...PROCESSES,
          name: "process",
          include: PROCESS_TESTS.include,
          exclude: [INSTALLED, ...PROCESS_TESTS.exclude, `${REAL_CLIENTS}/**`],
          sequence: { groupOrder: 2 },
        },
      },
      // After the others: a real client that shares its processor with four more test files runs into deadlines of its own.
      ...(process.env["AGORA_REAL"] === "1"
        ? [
            {
              test: {
                ...PROCESSES,
                maxWorkers: availableParallelism() + 1,
                name: "clients",
                include: [`${REAL_CLIENTS}/*.test.ts`],
                sequence: { groupOrder: 3 },
              },
            },
          ]
        : []),
    ],
  },
});
