// A relay that was started by hand ends with its terminal: who closes the window must not find the port taken tomorrow.
import { spawn } from "node:child_process";
import { connect } from "node:net";
import { expect, test } from "vitest";
import { Town, until } from "./test-users.ts";
import { ENTRY } from "./program.ts";

test.runIf(process.platform === "linux")("a relay ends when the terminal it was started in is closed", async () => {
  await using town = new Town();
  const command = `'${process.execPath}' '${ENTRY}' relay --port 0`;
  // `script` is the terminal: when it is killed, the system hangs up on what runs in it.
  const terminal = spawn("script", ["-qec", command, "/dev/null"], {
    env: { PATH: process.env["PATH"] ?? "", HOME: town.folder, AGORA_HOME: `${town.folder}/home`, TERM: "dumb" },
    stdio: ["ignore", "pipe", "ignore"],
  });
  let said = "";
  terminal.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const port = await until("the relay", async () => Number(/ws:\/\/127\.0\.0\.1:(\d+)/.exec(said)?.[1]) || undefined);
  expect(await answers(port)).toBe(true);
  terminal.kill("SIGKILL");
  await until("the relay's end", async () => !(await answers(port)));
});

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => (socket.destroy(), resolve(true))).once("error", () => resolve(false));
  });
}
