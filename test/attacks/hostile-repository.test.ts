// A cloned or unpacked repository whose `.git/config` names programs for git to run: a file system monitor, hooks, a pager, an
// ssh command. The daemon asks git about it whenever an agent sends a file.
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Person, type TestRelay, Town, until } from "../test-users.ts";

let town: Town;
let relay: TestRelay;
beforeAll(async () => {
  town = new Town();
  relay = await town.relay();
});
afterAll(() => town[Symbol.asyncDispose]());

const hasGit = spawnSync("git", ["--version"]).status === 0;
const AGENT = { CLAUDECODE: "1" };

function git(cwd: string, ...words: string[]): void {
  const done = spawnSync("git", words, {
    cwd,
    env: { PATH: process.env["PATH"], HOME: town.folder },
    encoding: "utf8",
  });
  if (done.status !== 0) throw new Error(done.stderr);
}

/** Somebody whose project is a repository in which everything that git may run leaves a file beside the project. */
async function withHostileRepository(
  name: string,
): Promise<{ readonly person: Person; readonly traces: () => string[] }> {
  const person = town.person(name, relay);
  const traces = join(town.folder, `${name}.traces`);
  mkdirSync(traces);
  git(person.project, "init", "-q");
  const program = (what: string): string => {
    const path = join(person.project, ".git", `run-${what}`);
    writeFileSync(path, `#!/bin/sh\ntouch '${traces}/${what}'\n`);
    chmodSync(path, 0o755);
    return path;
  };
  const hooks = join(person.project, ".git", "own-hooks");
  mkdirSync(hooks);
  for (const hook of ["post-index-change", "fsmonitor-watchman", "post-checkout"]) {
    writeFileSync(join(hooks, hook), `#!/bin/sh\ntouch '${traces}/${hook}'\n`);
    chmodSync(join(hooks, hook), 0o755);
  }
  for (const key of ["core.fsmonitor", "core.sshCommand", "core.pager", "core.askPass", "diff.external", "core.editor"])
    git(person.project, "config", key, program(key));
  git(person.project, "config", "core.hooksPath", hooks);
  writeFileSync(join(person.project, ".gitignore"), "*.secret\n");
  writeFileSync(join(person.project, "plain.txt"), "plain");
  writeFileSync(join(person.project, "key.secret"), "secret");
  const started = await person.start();
  if (started.code !== 0) throw new Error(started.err);
  return { person, traces: () => readdirSync(traces) };
}

test.skipIf(!hasGit)("none of its programs runs when an agent sends a file, and what git ignores stays", async () => {
  const { person, traces } = await withHostileRepository("hana");
  // git has a few seconds to answer; without an answer nothing is sent.
  await until("it is sent", async () => (await person.type(["say", "--file", "plain.txt", "here"], AGENT)).code === 0);
  const refused = await until("git's word", async () => {
    const ran = await person.type(["say", "--file", "key.secret", "here"], AGENT);
    return !ran.err.includes("git could not say") && ran;
  });
  expect(refused).toMatchObject({ code: 1, err: expect.stringContaining("git ignores key.secret") as unknown });
  expect(traces()).toEqual([]);
});

test.skipIf(!hasGit)("one that git can't read hides nothing that it ignores from the check", async () => {
  const { person } = await withHostileRepository("ivan");
  writeFileSync(join(person.project, ".git", "config"), "[core\n");
  const refused = await person.type(["say", "--file", "key.secret", "here"], AGENT);
  expect(refused).toMatchObject({ code: 1, err: expect.stringContaining("git could not say") as unknown });
  expect((await person.type(["say", "--file", "key.secret", "here"])).code).toBe(0);
  expect(existsSync(join(person.project, "key.secret"))).toBe(true);
});
