// REST over a resident's restart and a member's coming back, and cursors of a history that is gone.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOM, TOKEN } from "./waiting.ts";
import { until } from "../../../test/wait-until.ts";
import { openWorld } from "./test-network.ts";

test("a resident keeps what is said while nobody else is there, and its members' mail over a restart", async () => {
  await using world = await openWorld();
  const token = await world.token("carol");
  await world.get("/v1/whoami", token);
  const bob = await world.peer("bob");
  await bob.say("to all");
  const { id } = await bob.say("to carol", ["carol"]);
  await until("it is kept at the gateway, unasked", () => bob.delivery(id, "carol")?.state === "stored");
  await world.stopResident();
  await bob.sees("carol", false);
  const later = await bob.say("while it was down", ["carol"]);
  expect(bob.delivery(later.id, "carol")?.state).toBe("queued");
  await world.startResident();
  // Without any request of carol's: she was here, so she is again.
  await until("carol's mailbox is open again", () => bob.delivery(later.id, "carol")?.state === "stored");
  const { body } = await world.get("/v1/inbox", token);
  expect((body["items"] as unknown as { text: string }[]).map((item) => item.text)).toEqual([
    "to carol",
    "while it was down",
  ]);
  expect(
    ((await world.get("/v1/history", token)).body["lines"] as unknown as { text: string }[]).map((l) => l.text),
  ).toEqual(["to all", "to carol", "while it was down"]);
});

test("brought back and asked for at the same moment, a member is there once", async () => {
  await using world = await openWorld();
  const names = Array.from({ length: 20 }, (_, n) => `m${n}`);
  const tokens = await Promise.all(names.map((name) => world.token(name)));
  for (const token of tokens) expect((await world.get("/v1/whoami", token)).status).toBe(200);
  const rounds = 3;
  for (let round = 0; round < rounds; round += 1) {
    await world.stopResident();
    await world.startResident();
    const answers = await Promise.all(tokens.map((token) => world.get("/v1/whoami", token)));
    expect(answers.map(({ status }) => status)).toEqual(names.map(() => 200));
  }
  const dialled = names.map((name) => {
    const log = readFileSync(join(world.home.path, "resident", ROOM, "members", name, "daemon.log"), "utf8");
    return log.split("\n").filter((line) => line.includes('"dialling"')).length;
  });
  expect(dialled).toEqual(names.map(() => 1 + rounds));
});

test("the relay's token is enough of a secret that no member's token opens the relay, and the other way round", async () => {
  await using world = await openWorld();
  expect((await world.get("/v1/whoami", TOKEN)).status).toBe(401);
});

test("a cursor of a history that is gone is refused, and told where to begin; nobody waits behind it", async () => {
  await using world = await openWorld();
  const bob = await world.peer("bob");
  const token = await world.token("carol");
  await world.get("/v1/whoami", token);
  await bob.sees("carol");
  await bob.say("are you there?", ["carol"]);
  const page = await until("the mail is here", async () => {
    const { body } = await world.get("/v1/inbox?after=0", token);
    return (body as unknown as { items: unknown[] }).items.length > 0 && (body as unknown as { cursor: string });
  });
  const begin = `${page.cursor.split("-")[0]}-0`;
  for (const cursor of ["250000", `aaaaaaaa-${page.cursor.split("-")[1]}`]) {
    const reset = {
      status: 410,
      body: { error: { code: "reset", message: expect.stringContaining(begin) as unknown } },
    };
    expect(await world.get(`/v1/wait?timeout=30&after=${cursor}`, token)).toMatchObject(reset);
    expect(await world.get(`/v1/inbox?after=${cursor}`, token)).toMatchObject(reset);
    expect(await world.get(`/v1/history?after=${cursor}`, token)).toMatchObject(reset);
    expect(await world.get(`/v1/events?after=${cursor}`, token)).toMatchObject(reset);
    expect(await world.post("/v1/ack", token, { cursor })).toMatchObject(reset);
  }
  expect((await world.get(`/v1/history?after=${begin}`, token)).body).toMatchObject({ more: false });
});
