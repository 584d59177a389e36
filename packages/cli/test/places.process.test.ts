// Where clients and shells really run us: a folder that was deleted, a user without a home, a home that can only be read.
import { spawn, spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ENTRY } from "../../../test/program.ts";
import { agora, type Ran, temporary } from "./run-cli.ts";

const isRoot = process.getuid?.() === 0;

/** Runs a shell script with `$AGORA` as the program. */
function shell(folder: string, script: string, entry = ENTRY, uid?: number): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const env = { PATH: process.env["PATH"] ?? "", AGORA: `${process.execPath} ${entry}` };
    const child = spawn("sh", ["-c", script], { cwd: folder, env, ...(uid === undefined ? {} : { uid, gid: uid }) });
    let out = "";
    let err = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, out, err }));
  });
}

/** One sentence, and no trace of a program. */
function expectSentence({ code, out, err }: Ran, sentence: RegExp): void {
  expect({ code, out, err }).toEqual({ code: 1, out: "", err: expect.stringMatching(sentence) as string });
  expect(err.trimEnd().split("\n")).toHaveLength(1);
}

describe("a folder that was deleted under the shell", () => {
  test("a command says so, one that names its project works, a hook is quiet", async () => {
    using place = temporary();
    const inDeleted = (words: string): Promise<Ran> =>
      shell(place.folder, `export HOME=${place.folder}; mkdir gone; cd gone; rmdir ../gone; $AGORA ${words}`);
    for (const words of ["who", "inbox", "watch", "stop"])
      expectSentence(await inDeleted(words), /not there any more: cd into one/);
    expect(await inDeleted("doctor")).toMatchObject({
      code: 1,
      err: "",
      out: expect.stringMatching(/^fail project .*cd into/m) as string,
    });
    mkdirSync(join(place.folder, "shop"));
    expectSentence(await inDeleted(`who --project ${join(place.folder, "shop")}`), /not in a room/);
    expect(await inDeleted("hook session-start </dev/null")).toEqual({ code: 0, out: "", err: "" });
    expect(await inDeleted("--version")).toMatchObject({ code: 0, err: "" });
    expect(() => rmdirSync(join(place.folder, "gone"))).toThrow(/ENOENT/);
  });
});

describe("no home", () => {
  test("HOME that is empty or relative is none: the project is never taken for the home", async () => {
    using place = temporary();
    mkdirSync(join(place.folder, ".config", "agora"), { recursive: true, mode: 0o700 });
    for (const HOME of ["", ".", "here"]) {
      const ran = await agora(place.folder, ["doctor", "--json"], { HOME, AGORA_HOME: "" });
      const { checks } = JSON.parse(ran.out) as { checks: { name: string; sentence: string }[] };
      const home = checks.find(({ name }) => name === "home")?.sentence;
      expect([HOME, home?.includes(place.folder)]).toEqual([HOME, false]);
    }
  });

  test.runIf(isRoot)("a user whom the system doesn't know gets one sentence", async () => {
    using place = temporary();
    const unknown = 54_321;
    const entry = join(place.folder, "agora.mjs"); // where that user may read it
    copyFileSync(ENTRY, entry);
    spawnSync("chmod", ["-R", "a+rX", place.folder]);
    for (const words of ["who", "start", "inbox", "invite --relay ws://127.0.0.1:1"])
      expectSentence(
        await shell(place.folder, `$AGORA ${words}`, entry, unknown),
        /no home folder: set HOME, or AGORA_HOME/,
      );
  });
});
