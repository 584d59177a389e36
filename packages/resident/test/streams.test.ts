// Streams over real sockets: one that breaks off goes on where it was, one that is not read costs no memory, and none outlives
// its right to be there. And the mailbox at its limit.
import { channel } from "node:diagnostics_channel";
import { once } from "node:events";
import { type IncomingMessage, request, type ServerResponse } from "node:http";
import { DEFAULT_RELAY_CONFIG } from "@agora/relay";
import { expect, onTestFinished, test } from "vitest";
import { MAX_UNREAD_BYTES } from "../src/limits.ts";
import { manageToken } from "../src/index.ts";
import { must, ROOM } from "./waiting.ts";
import { until } from "../../../test/wait-until.ts";
import { openWorld, type World } from "./test-network.ts";

const OFF = { burst: 0, perSecond: 0 };
const unpaced = { relay: { limits: { ...DEFAULT_RELAY_CONFIG.limits, rate: { agent: OFF, user: OFF } } } };

interface Reader {
  readonly response: IncomingMessage;
  /** The lines so far, in order. */
  lines(): readonly { readonly id: string; readonly text: string }[];
  readonly raw: () => string;
}

/** Follows `/v1/events`; its response is not read before `resume`. */
async function follow(world: World, token: string, headers: Record<string, string> = {}): Promise<Reader> {
  const asked = request(`${world.url}/v1/events${headers["last-event-id"] === undefined ? "?after=0" : ""}`, {
    headers: { authorization: `Bearer ${token}`, ...headers },
    agent: false,
  });
  onTestFinished(() => void asked.destroy());
  asked.on("error", () => undefined).end();
  const [response] = (await once(asked, "response")) as [IncomingMessage];
  let raw = "";
  response.on("error", () => undefined).setEncoding("utf8");
  response.on("data", (text: string) => (raw += text)).pause();
  const lines: { readonly id: string; readonly text: string }[] = [];
  let read = 0;
  return {
    response,
    raw: () => raw,
    lines() {
      // Each event is read once: a look at many millions of characters takes a second.
      for (let end = raw.indexOf("\n\n", read); end >= 0; end = raw.indexOf("\n\n", read)) {
        const [, id, data] = /^id: (\S+)\nevent: line\ndata: (.*)$/m.exec(raw.slice(read, end)) ?? [];
        if (id !== undefined) lines.push({ id, text: (JSON.parse(data!) as { text: string }).text });
        read = end + 2;
      }
      return [...lines];
    },
  };
}

/** The answers that the gateway gives from now on to streams of events. */
function watchAnswers(): readonly ServerResponse[] {
  const answers: ServerResponse[] = [];
  const hear = (message: unknown): void => {
    const { request: asked, response } = message as { request: IncomingMessage; response: ServerResponse };
    if (asked.url?.startsWith("/v1/events") === true) answers.push(response);
  };
  const started = channel("http.server.request.start");
  started.subscribe(hear);
  onTestFinished(() => {
    started.unsubscribe(hear);
  });
  return answers;
}

test("a stream that breaks off goes on behind the last event that arrived, over a restart too", async () => {
  await using world = await openWorld();
  const bob = await world.peer("bob");
  const token = await world.token("carol");
  await world.get("/v1/whoami", token);
  await bob.sees("carol");
  for (const n of [1, 2, 3]) await bob.say(`line ${n}`);
  const first = await follow(world, token);
  first.response.resume();
  await until("three lines", () => first.lines().length === 3);
  first.response.destroy();
  await bob.say("line 4");
  // What was read last stands before what arrived last: a reader that fell over in between gets it again.
  const again = await follow(world, token, { "last-event-id": first.lines()[1]!.id });
  again.response.resume();
  await until("the rest", () => again.lines().length === 2);
  again.response.destroy();
  await world.stopResident();
  await world.startResident();
  await until("bob sees carol", () => bob.room.members.get("carol") !== undefined);
  await bob.say("line 5");
  const later = await follow(world, token, { "last-event-id": again.lines()[1]!.id });
  later.response.resume();
  await until("the last", () => later.lines().length === 1);
  expect([first, again, later].map((reader) => reader.lines().map(({ text }) => text))).toEqual([
    ["line 1", "line 2", "line 3"],
    ["line 3", "line 4"],
    ["line 5"],
  ]);
});

test("a reader that takes nothing costs no more than its bound, and reads all of it later, once", async () => {
  await using world = await openWorld(unpaced);
  const bob = await world.peer("bob");
  const token = await world.token("carol");
  await world.get("/v1/whoami", token);
  await bob.sees("carol");
  const answers = watchAnswers();
  const slow = await follow(world, token);
  const [answer] = answers;
  const size = 400_000;
  const texts = Array.from({ length: 60 }, (_, n) => `${n} `.padEnd(size, "x"));
  let held = 0;
  for (const text of texts) {
    await bob.say(text);
    held = Math.max(held, answer!.writableLength);
  }
  await until("carol has all", async () => {
    const { body } = await world.get("/v1/history?limit=1", token);
    held = Math.max(held, answer!.writableLength);
    return (body as unknown as { lines: { text: string }[] }).lines.at(-1)?.text === texts.at(-1);
  });
  expect(held).toBeGreaterThan(0);
  expect(held).toBeLessThan(MAX_UNREAD_BYTES + 2 * size);
  // Another one reads meanwhile as fast as it likes.
  const quick = await follow(world, token);
  quick.response.resume();
  await until("the quick one has all", () => quick.lines().length === texts.length);
  slow.response.resume();
  await until("the slow one as well", () => slow.lines().length === texts.length);
  expect(slow.lines().map(({ text }) => text)).toEqual(texts);
});

test("a reader that takes nothing is dropped with its token, and nothing is lost to the next", async () => {
  await using world = await openWorld(unpaced);
  const bob = await world.peer("bob");
  const token = await world.token("carol");
  await world.get("/v1/whoami", token);
  await bob.sees("carol");
  const answers = watchAnswers();
  const slow = await follow(world, token);
  const texts = Array.from({ length: 40 }, (_, n) => `${n} `.padEnd(400_000, "x")); // more than two sockets buffer
  for (const text of texts) await bob.say(text);
  await until("it is stuck", () => answers[0]!.writableNeedDrain);
  const rotated = await world.token("carol", { what: "rotate" });
  await until("its connection is closed", () => answers[0]!.destroyed);
  slow.response.resume();
  await until("its end", () => slow.response.destroyed);
  const had = slow.lines();
  expect(had.length).toBeLessThan(texts.length);
  const next = await follow(world, rotated, had.length === 0 ? {} : { "last-event-id": had.at(-1)!.id });
  next.response.resume();
  await until("the rest", () => had.length + next.lines().length === texts.length);
  expect([...had, ...next.lines()].map(({ text }) => text)).toEqual(texts);
});

test("the mailbox has a limit: the oldest expires and its author hears it; the cursor goes on behind it", async () => {
  await using world = await openWorld(unpaced);
  const bob = await world.peer("bob");
  const token = await world.token("carol");
  await world.get("/v1/whoami", token);
  await bob.sees("carol");
  const ids: string[] = [];
  const count = 1_003;
  for (let n = 0; n < count; n += 1) ids.push((await bob.say(`ask ${n}`, ["carol"])).id);
  await until("the last is there", () => bob.delivery(ids.at(-1)!, "carol")?.state === "held");
  // Whom nobody here ever addressed may fill half of it.
  for (const id of ids.slice(0, 503))
    await until("bob hears that it expired", () => bob.delivery(id, "carol")?.state === "expired");
  expect(bob.delivery(ids[0]!, "carol")?.reason).toMatch(/full/);
  const read = async (): Promise<{ readonly texts: string[]; readonly half: string }> => {
    const texts: string[] = [];
    let [after, half] = ["", ""];
    for (let more = true; more;) {
      const { body } = await world.get(`/v1/inbox?limit=250&after=${after}`, token);
      const page = body as unknown as { items: { text: string }[]; cursor: string; more: boolean };
      texts.push(...page.items.map(({ text }) => text));
      if (half === "") half = page.cursor;
      [after, more] = [page.cursor, page.more];
    }
    return { texts, half };
  };
  const { texts, half } = await read();
  expect(texts).toEqual(Array.from({ length: 500 }, (_, n) => `ask ${n + 503}`));
  // Acknowledged once, it is not given again; a place in the past changes nothing.
  await world.post("/v1/ack", token, { cursor: half });
  await world.post("/v1/ack", token, { cursor: "1" });
  expect((await read()).texts).toEqual(texts.slice(250));
  await world.stopResident();
  await world.startResident();
  expect((await read()).texts).toEqual(texts.slice(250));
});

test("a token taken back ends a wait", async () => {
  await using world = await openWorld();
  const token = await world.token("carol");
  await world.get("/v1/whoami", token);
  const waiting = world.get("/v1/wait?timeout=60", token);
  await until("it waits", async () => (await world.get("/v1/members", token)).status === 200);
  must(
    await manageToken({
      env: { AGORA_HOME: world.home.path },
      what: "revoke",
      name: "carol",
      room: ROOM,
      person: false,
    }),
  );
  expect(await waiting).toMatchObject({ status: 401, body: { error: { code: "unauthorized" } } });
});

test("once a rotation has answered, a stream and a wait of the old token are given nothing", async () => {
  await using world = await openWorld();
  const bob = await world.peer("bob");
  const token = await world.token("carol");
  await world.get("/v1/whoami", token);
  await bob.sees("carol");
  const stream = await follow(world, token);
  stream.response.resume();
  await bob.say("before");
  await until("the line said before", () => stream.lines().length === 1);
  const waiting = world.get("/v1/wait?timeout=60", token);
  must(
    await manageToken({
      env: { AGORA_HOME: world.home.path },
      what: "rotate",
      name: "carol",
      room: ROOM,
      person: false,
    }),
  );
  for (const n of [1, 2, 3]) await bob.say(`after ${n}`, ["carol"]);
  await until("the stream's end", () => stream.response.closed);
  expect(stream.lines().map(({ text }) => text)).toEqual(["before"]);
  expect(await waiting).toMatchObject({ status: 401, body: { error: { code: "unauthorized" } } });
});
