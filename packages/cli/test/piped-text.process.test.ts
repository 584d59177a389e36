// `-` in the place of a text: what comes through a pipe is said, whole, or refused; a dash never arrives as the message.
import { spawn } from "node:child_process";
import { expect, test } from "vitest";
import { Town, until } from "../../../test/test-users.ts";
import { ENTRY } from "../../../test/program.ts";

function piped(cwd: string, home: string, words: readonly string[], input: string) {
  return new Promise<{ code: number | null; said: string }>((resolve) => {
    const child = spawn(process.execPath, [ENTRY, ...words], {
      cwd,
      env: { PATH: process.env["PATH"] ?? "", HOME: home, AGORA_HOME: home },
    });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (said += chunk.toString()));
    child.stdin.on("error", () => undefined).end(input);
    child.once("close", (code) => resolve({ code, said }));
  });
}

test("a log from a pipe arrives whole; nothing, and too much, is refused", async () => {
  await using town = new Town();
  const relay = await town.relay();
  const [ann, ben] = [town.person("ann", relay), town.person("ben", relay)];
  await Promise.all([ann.start(), ben.start()]);
  await until("ann knows ben", async () => (await ann.type(["who"])).out.includes("ben"));
  const log = `first line\n${"x".repeat(100_000)}\n  --last line\n`;
  const say = (input: string) => piped(ann.project, ann.home, ["say", "@ben", "-"], input);
  expect(await say(log)).toMatchObject({ code: 0 });
  expect(await say("  \n")).toMatchObject({ code: 1, said: expect.stringContaining("Nothing came") as unknown });
  const long = await say("y".repeat(3 * 1024 * 1024));
  expect(long).toMatchObject({ code: 1, said: expect.stringContaining("--file") as unknown });
  const items = await until("it is in ben's inbox", async () => {
    const now = await ben.ask<readonly { readonly text: string }[]>(["inbox"]);
    return now.length > 0 && now;
  });
  expect(items.map(({ text }) => text)).toEqual([log.trimEnd()]);
});
