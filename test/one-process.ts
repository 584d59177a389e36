// What holds unit tests to their kind (see `test-kinds.ts`): they share a process, so none may start another one, nor leave
// the environment changed for those after it.
import childProcess from "node:child_process";
import { syncBuiltinESMExports } from "node:module";
import { isDeepStrictEqual } from "node:util";
import { afterAll } from "vitest";

const STARTERS = ["exec", "execFile", "execFileSync", "execSync", "fork", "spawn", "spawnSync"] as const;

const refuse =
  (name: string) =>
  (...words: readonly unknown[]): never => {
    throw new Error(`a unit test starts a process (${name} ${JSON.stringify(words)}): name it X.process.test.ts`);
  };
Object.assign(childProcess, Object.fromEntries(STARTERS.map((name) => [name, refuse(name)])));
syncBuiltinESMExports();

const environment = { ...process.env };
afterAll(() => {
  if (!isDeepStrictEqual({ ...process.env }, environment))
    throw new Error("a unit test leaves the environment changed");
});
