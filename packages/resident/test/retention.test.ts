// What is kept of a room's history, by the resident itself and by each of its members: bounded as the settings say, and
// nothing that is still open goes with it.
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { settingsPath } from "@agora/user-config";
import { expect, test } from "vitest";
import { until } from "../../../test/wait-until.ts";
import { openWorld } from "./test-network.ts";

const MIB = 1024 * 1024;
const TEXT_BYTES = 0.95 * MIB;
/** More than is kept, and than what lies between two checkpoints and in two segments. */
const MANY = 60;

/** Where each journal of a kept history begins, by the folder it is in. */
function beginnings(folder: string): Map<string, number> {
  const found = new Map<string, number>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const match = /^history-(\d+)\.jsonl$/.exec(entry.name);
    if (match === null) continue;
    found.set(entry.parentPath, Math.min(Number(match[1]), found.get(entry.parentPath) ?? Infinity));
  }
  return found;
}

test("a history is bounded by the settings and by --keep; what is open stays, and arrives", async () => {
  await using world = await openWorld({
    flags: { keep: "16MB" },
    prepare: (home) => {
      mkdirSync(dirname(settingsPath(home)), { recursive: true });
      writeFileSync(settingsPath(home), JSON.stringify({ historyMaxBytes: 16 * MIB }));
      return Promise.resolve({});
    },
  });
  const bob = await world.peer("bob");
  const [carol, erin] = [await world.token("carol"), await world.token("erin")];
  await world.get("/v1/whoami", carol);
  await world.get("/v1/whoami", erin);
  const dan = await world.peer("dan", true); // known to all, and then away
  await until("dan is known", async () => JSON.stringify((await world.get("/v1/members", carol)).body).includes("dan"));
  await dan[Symbol.asyncDispose]();
  await bob.sees("dan", false);

  const { id } = await bob.say("for carol, who looks later", ["carol"]);
  await until("it waits in carol's mailbox", () => bob.delivery(id, "carol")?.state === "stored");
  const said = await world.post("/v1/say", carol, { text: "for dan, who is away", to: ["dan"] });
  expect(said.status).toBe(200);
  for (let n = 0; n < MANY; n += 1) await bob.say(`${n} `.padEnd(TEXT_BYTES, "x"));

  const own = await until("the resident and erin dropped what is old", () => {
    const found = [...beginnings(world.home.path)].filter(([, position]) => position > 0);
    return found.length >= 2 && found;
  });
  expect(own.map(([path]) => path.includes("members/carol"))).not.toContain(true); // hers is held by what is open
  expect(existsSync(join(own[0]![0], "history.jsonl"))).toBe(true);

  expect((await world.get("/v1/inbox", carol)).body).toMatchObject({
    items: [{ id, text: "for carol, who looks later" }],
  });
  const back = await world.peer("dan", true);
  await until("dan has it", async () => (await back.texts()).includes("for dan, who is away"));
});
