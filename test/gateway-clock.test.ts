// A gateway on a machine whose clock is wrong judges grants by the room's time, as the relay behind it does.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { saveToken } from "@agora/user-config";
import { afterAll, beforeAll, test } from "vitest";
import { PATIENCE_MS } from "./wait-until.ts";
import { type Person, type TestRelay, Town, until } from "./test-users.ts";
import { ENTRY } from "./program.ts";
import { withWrongClock } from "./wrong-clock.ts";

const TOKEN = "a-token";
const DAY_MS = 86_400_000;

const town = new Town();
let relay: TestRelay;
let olga: Person;

beforeAll(async () => {
  olga = town.person("olga", undefined);
  const { key } = JSON.parse((await olga.type(["room", "create", "lobby", "--json"])).out) as { key: string };
  relay = await town.relay([], { AGORA_ROOM_KEYS: `lobby=${key}`, AGORA_TOKEN: TOKEN });
  const origin = relay.url.replace(/\/$/, "");
  await saveToken({ path: olga.home }, { origin, room: "lobby", token: TOKEN, root: key });
});
afterAll(() => town[Symbol.asyncDispose]());

/** A grant that lasts an hour by the relay's clock. */
async function grantOf(name: string): Promise<string> {
  const words = ["invite", name, "--relay", relay.url, "--room", "lobby", "--expires", "1h", "--json"];
  const { invite } = JSON.parse((await olga.type(words)).out) as { invite: string };
  return (JSON.parse(Buffer.from(invite.split(".")[1]!, "base64url").toString("utf8")) as { token: string }).token;
}

async function statusAt(url: string, token: string): Promise<number> {
  const headers = { authorization: `Bearer ${token}` };
  const answer = await fetch(`${url}/v1/whoami`, { headers, signal: AbortSignal.timeout(PATIENCE_MS) });
  await answer.arrayBuffer();
  return answer.status;
}

test.each([
  ["a day ahead", DAY_MS],
  ["a day behind", -DAY_MS],
])("a clock %s takes in who has a grant that holds [GRANT-3] [TIME-1]", async (name, ms) => {
  const { entry } = withWrongClock(ENTRY, join(town.folder, name.replaceAll(" ", "-")), ms);
  const words = ["resident", "--relay", relay.url, "--room", "lobby", "--http", "0", "--json"];
  const env = { PATH: process.env["PATH"] ?? "", AGORA_HOME: olga.home, AGORA_TOKEN: TOKEN };
  const resident: ChildProcess = spawn(process.execPath, [entry, ...words], {
    env,
    stdio: ["ignore", "pipe", "ignore"],
  });
  try {
    const [line] = (await once(createInterface({ input: resident.stdout! }), "line")) as [string];
    const { url } = JSON.parse(line) as { url: string };
    const grant = await grantOf(ms > 0 ? "ada" : "ben");
    // Until it has joined for the grant it asks for patience; one that does not hold is refused for good.
    let status = 0;
    await until("it is taken in", async () => (status = await statusAt(url, grant)) === 200, {
      seen: () => `HTTP ${status}`,
    });
  } finally {
    const gone = once(resident, "exit");
    resident.kill("SIGTERM");
    await gone;
  }
});
