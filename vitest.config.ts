import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { LongestFirst } from "./test/longest-first.ts";
import { PATIENCE_MS, TEST_MS } from "./test/wait-until.ts";
import { PROCESS_TESTS, UNIT_TESTS } from "./test/test-kinds.ts";

const INSTALLED = "**/node_modules/**";
const REAL_CLIENTS = "test/clients/**";

const BOUNDS = {
  testTimeout: TEST_MS,
  hookTimeout: TEST_MS,
  teardownTimeout: PATIENCE_MS,
  expect: { poll: { timeout: PATIENCE_MS } },
};

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
          setupFiles: "test/one-process.ts",
          // Loading modules is most of what these cost: a worker loads each once, for all its files.
          pool: "threads",
          isolate: false,
          maxWorkers: availableParallelism() + 1,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...BOUNDS,
          name: "process",
          include: PROCESS_TESTS.include,
          exclude: [INSTALLED, ...PROCESS_TESTS.exclude, ...(process.env["AGORA_REAL"] === "1" ? [] : [REAL_CLIENTS])],
          // What these run is built once, before them.
          globalSetup: "test/build-before.ts",
          setupFiles: "test/own-folder.ts",
          pool: "forks",
          // Much of their time is waiting for processes, timers and networks: twice as many files as there are processors.
          maxWorkers: 2 * availableParallelism(),
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
