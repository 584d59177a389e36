// A test file is of the kind that its place and its name say (`test-kinds.ts`): what reaches a starter of processes, by its own
// imports or those of the test files it uses, is a process test. What product code starts is refused in the run (`one-process.ts`).
import { dirname, join, matchesGlob, normalize } from "node:path";
import { expect, test } from "vitest";
import { PROCESS_TESTS, type TestFiles, UNIT_TESTS } from "./test-kinds.ts";
import { filesUnder, textOf } from "./workspace-files.ts";

const IMPORT = /(?:\bfrom|\bimport\s*\(?)\s*"([^"]+)"/g;
const STARTS_PROCESSES = new Set(["node:child_process", "node:cluster"]);
/** What exists for tests alone: only this is followed. Product code may start processes on ways that a test never goes. */
const OF_TESTS = /(^|\/)(test|scripts)\/|\.test\.ts$/;

const isTest = (name: string): boolean => name.endsWith(".test.ts");
const files = ["packages", "relay-server", "test"].flatMap((folder) => filesUnder(folder, isTest));
const takes = ({ include, exclude }: TestFiles, path: string): boolean =>
  include.some((glob) => matchesGlob(path, glob)) && !exclude.some((glob) => matchesGlob(path, glob));

const importsOf = (path: string): string[] => [...textOf(path).matchAll(IMPORT)].map((m) => m[1]!);

/** Whether a test file, or a file of tests that it uses, imports what starts processes. */
function startsProcesses(path: string, seen = new Set<string>()): boolean {
  if (seen.has(path)) return false;
  seen.add(path);
  return importsOf(path).some((name) => {
    if (STARTS_PROCESSES.has(name)) return true;
    const used = normalize(join(dirname(path), name));
    return name.startsWith(".") && OF_TESTS.test(used) && startsProcesses(used, seen);
  });
}

test("every test file is of exactly one kind", () => {
  expect(files.length).toBeGreaterThan(200);
  expect(files.filter((path) => takes(UNIT_TESTS, path) === takes(PROCESS_TESTS, path))).toEqual([]);
});

test("a unit test reaches nothing that starts a process", () => {
  const unit = files.filter((path) => takes(UNIT_TESTS, path));
  expect(unit.filter((path) => startsProcesses(path))).toEqual([]);
});
