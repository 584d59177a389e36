import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{packages/*,relay-server}/{src,test}/**/*.test.ts", "test/**/*.test.ts"],
    exclude: ["**/node_modules/**", ...(process.env["AGORA_REAL"] === "1" ? [] : ["test/clients/**"])],
    // What the tests run is built once, before them.
    globalSetup: "test/build-before.ts",
    // The gate's machine is shared: what fails there once is tried once more, what fails twice is broken.
    retry: process.env["CI"] === undefined ? 0 : 1,
    testTimeout: 20_000,
    hookTimeout: 30_000,
    pool: "forks",
    // Most of a test's time is waiting for processes, timers and networks: one more file than there are processors.
    maxWorkers: availableParallelism() + 1,
  },
});
