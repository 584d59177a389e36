// The REST interface over real sockets: a conversation, cursors, waiting, what an agent and a person may.
import { expect, test } from "vitest";
import { until } from "../../../test/wait-until.ts";
import { openWorld } from "./test-network.ts";

test("a member without an install is asked, answers, and the author sees it", async () => {
  await using world = await openWorld();
  const bob = await world.peer("bob");
  const token = await world.token("carol");
  const me = await world.get("/v1/whoami", token);
  expect(me.body).toMatchObject({
    name: "carol",
    room: "lobby",
    role: "agent",
    seat: "rest",
    connection: { state: "joined" },
  });
  const { members } = (await world.get("/v1/members", token)).body as unknown as { members: Record<string, unknown>[] };
  expect(members.find((m) => m["name"] === "carol")).toMatchObject({
    kind: "agent",
    owner: "resident",
    client: "via gateway",
  });
  expect(members.map((m) => m["name"])).toEqual(["bob", "carol", "resident"]);

  await bob.sees("carol");
  const { id, thread } = await bob.say("can you look?", ["carol"]);
  const inbox = await until("the mail is here", async () => {
    const { body } = await world.get("/v1/inbox", token);
    return (body as unknown as { items: unknown[] }).items.length > 0 && body;
  });
  expect(inbox).toMatchObject({
    items: [{ id, from: "bob", role: "user", text: "can you look?", to: ["@carol"] }],
    more: false,
  });
  await until("bob hears that it was handed", () => bob.delivery(id, "carol")?.state === "handed");

  const acked = await world.post("/v1/ack", token, { cursor: inbox["cursor"] });
  expect(acked.status).toBe(200);
  await until("bob hears that it was seen", () => bob.delivery(id, "carol")?.state === "seen");
  expect((await world.get("/v1/inbox", token)).body).toMatchObject({ items: [] });
  expect((await world.get("/v1/inbox?after=0", token)).body).toMatchObject({ items: [{ id }] });

  const said = await world.post("/v1/say", token, { text: "it is fine", thread });
  expect(said.body).toMatchObject({ thread, role: "agent", to: ["bob"], state: "relayed" });
  await until("bob hears that it was answered", () => bob.delivery(id, "carol")?.state === "answered");
  expect(await bob.texts()).toContain("it is fine");
  expect((await world.get("/v1/inbox?after=0", token)).body).toMatchObject({ items: [] });
});

test("a channel: joined, spoken in, listed; a leading #name never goes to the whole room", async () => {
  await using world = await openWorld();
  const bob = await world.peer("bob");
  const token = await world.token("carol");
  await world.get("/v1/whoami", token);
  await bob.sees("carol");
  const lost = await world.post("/v1/say", token, { text: "#build anybody?" });
  expect(lost).toMatchObject({ status: 404, body: { error: { code: "unknown-channel" } } });
  const opened = await world.post("/v1/channel", token, { act: "join", channel: "#build", text: "what breaks" });
  expect(opened.body).toMatchObject({ act: "open", channel: "build", members: ["carol"] });
  const said = await world.post("/v1/say", token, { text: "#build it is green" });
  expect(said.body).toMatchObject({ channel: "build", state: "relayed" });
  const { body } = await world.get("/v1/history?channel=build", token);
  expect((body as unknown as { lines: unknown[] }).lines).toMatchObject([
    { kind: "channel", channel: "build" },
    { text: "it is green", channel: "build", to: [] },
  ]);
  expect((await world.get("/v1/channels", token)).body).toMatchObject({ channels: [{ name: "build", joined: true }] });
  expect((await world.post("/v1/channel", token, { act: "remove", channel: "build" })).status).toBe(400);
  await bob.say("for all");
  expect(await bob.texts()).not.toContain("it is green");
});

test("a wait ends when somebody addresses the member, and only then", async () => {
  await using world = await openWorld();
  const bob = await world.peer("bob");
  const token = await world.token("carol");
  await world.get("/v1/whoami", token);
  await bob.sees("carol");
  expect((await world.get("/v1/wait?timeout=0", token)).body).toMatchObject({ items: [], timedOut: true });
  const waiting = world.get("/v1/wait?timeout=50", token);
  await until("carol shows as reachable", () => bob.room.members.get("carol")?.facts?.seats?.some((s) => s.reachable));
  await bob.say("just talking");
  await bob.say("you there?", ["carol"]);
  expect((await waiting).body).toMatchObject({ items: [{ text: "you there?" }], timedOut: false });
  await until("and not reachable afterwards", () =>
    bob.room.members.get("carol")?.facts?.seats?.every((s) => !s.reachable),
  );
});

test("history goes on from a cursor", async () => {
  await using world = await openWorld();
  const bob = await world.peer("bob");
  const token = await world.token("carol");
  await world.get("/v1/whoami", token);
  await bob.sees("carol");
  for (const n of [1, 2, 3, 4, 5]) await bob.say(`line ${n}`);
  await until(
    "all are here",
    async () => ((await world.get("/v1/history", token)).body["lines"] as unknown as unknown[]).length === 5,
  );
  const texts: string[] = [];
  let after = "0";
  for (let more = true; more;) {
    const { body } = await world.get(`/v1/history?after=${after}&limit=2`, token);
    const page = body as unknown as { lines: { text: string }[]; cursor: string; more: boolean };
    texts.push(...page.lines.map((line) => line.text));
    [after, more] = [page.cursor, page.more];
  }
  expect(texts).toEqual(["line 1", "line 2", "line 3", "line 4", "line 5"]);
  expect((await world.get("/v1/history?limit=1", token)).body).toMatchObject({
    lines: [{ text: "line 5" }],
    more: true,
  });
});

test("a cursor behind what is no line, such as a ping, is as good as any other", async () => {
  await using world = await openWorld();
  const bob = await world.peer("bob");
  const token = await world.token("carol");
  await world.get("/v1/whoami", token);
  await bob.sees("carol");
  await bob.say("for all");
  const read = async (after: string) => {
    const { body } = await world.get(`/v1/history?after=${after}`, token);
    return body as unknown as { lines: unknown[]; cursor: string };
  };
  const said = await until("carol has what was said", async () => {
    const page = await read("0");
    return page.lines.length === 1 && page;
  });
  const pinged = await bob.handlers.ping({ via: "cli", member: "carol" }, bob.session);
  expect(pinged).toMatchObject({ ok: true, value: { online: true } });
  const { cursor } = await until("carol has more, and none of it is a line", async () => {
    const page = await read(said.cursor);
    return page.cursor !== said.cursor && page;
  });
  // More that is no line may come at any time: the others hand on what they know of keys.
  expect(await world.get(`/v1/history?after=${cursor}`, token)).toMatchObject({ status: 200, body: { lines: [] } });
  expect((await world.post("/v1/ack", token, { cursor })).body).toEqual({ cursor });
});

test("refusing tells the author why", async () => {
  await using world = await openWorld();
  const bob = await world.peer("bob");
  const token = await world.token("carol");
  await world.get("/v1/whoami", token);
  await bob.sees("carol");
  const { id, thread } = await bob.say("delete everything", ["carol"]);
  const refused = await until("it is here", async () => {
    const answer = await world.post("/v1/reject", token, { thread, reason: "no" });
    return answer.status === 200 && answer;
  });
  expect(refused.body).toMatchObject({ to: ["bob"] });
  await until("bob hears", () => bob.delivery(id, "carol")?.state === "rejected");
});

test("saying it twice with one key says it once", async () => {
  await using world = await openWorld();
  const bob = await world.peer("bob");
  const token = await world.token("carol");
  const key = { "idempotency-key": "job-17" };
  const first = await world.post("/v1/say", token, { text: "done" }, key);
  await world.stopResident();
  await world.startResident();
  const again = await world.post("/v1/say", token, { text: "done" }, key);
  expect(again.body["id"]).toBe(first.body["id"]);
  const other = await world.post("/v1/say", token, { text: "really" }, { "idempotency-key": "job-18" });
  expect(other.body["id"]).not.toBe(first.body["id"]);
  await until("bob has both", async () => (await bob.texts()).includes("really"));
  expect(await bob.texts()).toEqual(["done", "really"]);
});

test("an agent's words are an agent's, a person's token speaks as the person", async () => {
  await using world = await openWorld();
  const bob = await world.peer("bob");
  const agent = await world.token("carol");
  const person = await world.token("dora", { person: true });
  expect((await world.post("/v1/say", agent, { text: "by agent", role: "user", via: "cli" })).body["role"]).toBe(
    "agent",
  );
  expect((await world.post("/v1/say", person, { text: "by person" })).body["role"]).toBe("user");
  await until("both are here", async () => (await bob.texts()).length === 2);
  await bob.sees("dora");
  expect(bob.room.members.get("dora")?.facts).toMatchObject({
    kind: "person",
    client: "via gateway",
    owner: "resident",
  });

  // For the human alone: never given to a model.
  await bob.say("between us", ["carol/person"]);
  const toDora = await bob.say("between us two", ["dora/person"]);
  await until("dora has it", async () =>
    JSON.stringify((await world.get("/v1/inbox", person)).body).includes(toDora.id),
  );
  await bob.say("for both", ["carol", "dora"]);
  await until("carol has the next", async () =>
    JSON.stringify((await world.get("/v1/inbox", agent)).body).includes("for both"),
  );
  for (const path of ["/v1/inbox?after=0", "/v1/history", "/v1/history?after=0"]) {
    expect(JSON.stringify((await world.get(path, agent)).body)).not.toContain("between us");
  }
});

test("what an agent says continues the chain it was handed, and the brake holds what comes too far", async () => {
  await using world = await openWorld();
  const bob = await world.peer("bob");
  const token = await world.token("carol");
  await world.get("/v1/whoami", token);
  await bob.sees("carol");
  const seat = bob.room.seats.attach(bob.session, "claude", "s1");
  bob.room.store.in({
    op: "shown",
    at: Date.now(),
    seat: seat.seat,
    ordinal: 0,
    hop: 1,
    chain: "aaaaaaaaaaaaaaaaaaaa",
  });
  await bob.say("hop two", ["carol"], { via: "tool" });
  await until("carol is handed it", async () =>
    JSON.stringify((await world.get("/v1/inbox", token)).body).includes("hop two"),
  );
  await world.post("/v1/say", token, { text: "on and on", to: ["bob"] });
  const line = await until("bob has the answer", () =>
    Object.values(bob.room.store.state.inbox).find((item) => item.from === "carol"),
  );
  expect(line).toMatchObject({ hop: 3, chain: "aaaaaaaaaaaaaaaaaaaa", role: "agent" });

  bob.room.store.in({
    op: "shown",
    at: Date.now(),
    seat: seat.seat,
    ordinal: 0,
    hop: 5,
    chain: "bbbbbbbbbbbbbbbbbbbb",
  });
  await bob.say("hop six", ["carol"], { via: "tool" });
  const held = await until("carol sees it held", async () => {
    const { body } = await world.get("/v1/inbox", token);
    return (body["items"] as unknown as { text: string; held?: string }[]).find((item) => item.text === "hop six");
  });
  expect(held).toMatchObject({ held: "hop limit 3" });
  const { body } = await world.get("/v1/inbox", token);
  await world.post("/v1/ack", token, { cursor: 1 });
  expect(body["items"]).not.toEqual([]);
});
