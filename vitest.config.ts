import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { PATIENCE_MS, TEST_MS } from "./test/wait-until.ts";

export default defineConfig({
  test: {
    include: ["{packages/*,relay-server}/{src,test}/**/*.test.ts", "test/**/*.test.ts"],
    exclude: ["**/node_modules/**", ...(process.env["AGORA_REAL"] === "1" ? [] : ["test/clients/**"])],
    // What the tests run is built once, before them.
    globalSetup: "test/build-before.ts",
    testTimeout: TEST_MS,
    hookTimeout: TEST_MS,
    teardownTimeout: PATIENCE_MS,
    expect: { poll: { timeout: PATIENCE_MS } },
    pool: "forks",
    // Most of a test's time is waiting for processes, timers and networks: one more file than there are processors.
    maxWorkers: availableParallelism() + 1,
  },
});
