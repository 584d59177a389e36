// A home that can only be read, as a sandboxed shell of an agent sees it: asking the daemon works, and what has to write says
// what is in its way. A read-only mount stands for the sandbox.
import { execFile, spawnSync } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Person, type Ran, Town } from "./test-users.ts";

const UNSHARE = ["unshare", "-rm", "sh", "-c"] as const;
const canMount = spawnSync(UNSHARE[0], [...UNSHARE.slice(1), "mount --bind /tmp /tmp"]).status === 0;
const run = promisify(execFile);

describe.runIf(canMount)("a home that can only be read", () => {
  let town: Town;
  let ann: Person;
  beforeAll(async () => {
    town = new Town();
    ann = town.person("ann", await town.relay());
    await ann.start();
  });
  afterAll(() => town[Symbol.asyncDispose]());

  /** Types a command where the home is mounted read-only. */
  async function sandboxed(words: string): Promise<Ran> {
    const script = `mount --bind "$AGORA_HOME" "$AGORA_HOME" && mount -o remount,bind,ro "$AGORA_HOME" && cd "$PROJECT" && exec "$NODE" "$ENTRY" ${words}`;
    const env = {
      PATH: process.env["PATH"] ?? "",
      HOME: ann.home,
      AGORA_HOME: ann.home,
      PROJECT: ann.project,
      NODE: process.execPath,
      ENTRY: ann.entry,
      CODEX_SANDBOX_NETWORK_DISABLED: "1",
    };
    const [file, ...args] = UNSHARE;
    return run(file, [...args, script], { env }).then(
      ({ stdout, stderr }) => ({ code: 0, out: stdout, err: stderr }),
      ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({
        code,
        out: stdout,
        err: stderr,
      }),
    );
  }

  test("reading works, and so does saying: the daemon is outside", async () => {
    for (const words of ["who", "whoami", "inbox", "history", "status", "channels", "say hello from the sandbox"])
      expect([words, await sandboxed(words)]).toMatchObject([words, { code: 0, err: "" }]);
    expect((await ann.type(["history"])).out).toContain("hello from the sandbox");
  });

  test("what has to write names the sandbox, and no other home", async () => {
    const doctor = await sandboxed("doctor");
    expect(doctor.out).toMatch(/^fail home .*in a sandbox .*run the command outside/m);
    expect((await ann.type(["stop"])).code).toBe(0);
    const ran = await sandboxed("start");
    expect(ran).toMatchObject({ code: 1, out: "" });
    expect(ran.err).toMatch(/in a sandbox .*run the command outside/);
    expect(ran.err).not.toContain("AGORA_HOME to");
  });
});
