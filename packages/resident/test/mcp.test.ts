// `/mcp` as the SDK's own client sees it: tools, push, sessions, and what is not lent over HTTP.
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import {
  type CallToolResult,
  LoggingMessageNotificationSchema,
  ResourceUpdatedNotificationSchema,
} from "@modelcontextprotocol/sdk/types.js";
import { expect, test } from "vitest";
import { INBOX_URI } from "../src/gateway/mcp-server.ts";
import { until } from "../../../test/wait-until.ts";
import { openWorld, type World } from "./test-network.ts";

interface Session extends AsyncDisposable {
  readonly client: Client;
  readonly transport: StreamableHTTPClientTransport;
  readonly told: string[];
  readonly updated: string[];
  call(name: string, args?: Record<string, unknown>): Promise<{ readonly text: string; readonly isError: boolean }>;
}

async function openSession(world: World, token: string): Promise<Session> {
  const client = new Client({ name: "test", version: "1" });
  const transport = new StreamableHTTPClientTransport(new URL(`${world.url}/mcp`), {
    requestInit: { headers: { authorization: `Bearer ${token}` } },
  });
  const told: string[] = [];
  const updated: string[] = [];
  client.setNotificationHandler(LoggingMessageNotificationSchema, ({ params }) => void told.push(String(params.data)));
  client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => void updated.push(params.uri));
  // The class declares its members as `… | undefined`, the interface as optional.
  await client.connect(transport);
  return {
    client,
    transport,
    told,
    updated,
    async call(name, args = {}) {
      const result = (await client.callTool({ name, arguments: args })) as CallToolResult;
      const [content] = result.content;
      return { text: content?.type === "text" ? content.text : "", isError: result.isError === true };
    },
    [Symbol.asyncDispose]: () => client.close(),
  };
}

test("the SDK's client lists the tools, is told, reads, answers", async () => {
  await using world = await openWorld();
  const bob = await world.peer("bob");
  await using session = await openSession(world, await world.token("carol"));
  const { tools } = await session.client.listTools();
  expect(tools.map((tool) => tool.name).sort()).toEqual([
    "history",
    "inbox",
    "reject",
    "say",
    "status",
    "wait",
    "who",
    "whoami",
  ]);
  expect(JSON.stringify(tools)).not.toContain("file");
  expect(session.client.getInstructions()).toContain("inbox");
  expect((await session.call("whoami")).text).toContain("@carol/mcp");

  await bob.sees("carol");
  await session.client.subscribeResource({ uri: INBOX_URI });
  const { id } = await bob.say("is the gate open? <b>", ["carol"]);
  await until("the client is told by push", () => session.told.length > 0);
  expect(session.told[0]).toBe("1 message waits in the Agora room: call inbox to read.");
  await until("and that the resource changed", () => session.updated.includes(INBOX_URI));

  const inbox = await session.call("inbox");
  expect(inbox.text).toMatch(/<<room-\w+\nis the gate open\? /);
  expect(inbox.text).toContain("asked of you");
  await until("bob hears: handed", () => bob.delivery(id, "carol")?.state === "handed");
  expect((await session.call("who")).text).toContain("bob");
  await until("bob hears: seen, by the next call", () => bob.delivery(id, "carol")?.state === "seen");

  const said = await session.call("say", { text: "it is", to: ["bob"] });
  expect(said.isError).toBe(false);
  await until("bob hears: answered", () => bob.delivery(id, "carol")?.state === "answered");
  expect((await session.call("inbox")).text).toBe("Nothing waits.");
  expect((await session.call("history")).text).toContain("it is");
});

test("waiting ends when addressed; refusing tells why", async () => {
  await using world = await openWorld();
  const bob = await world.peer("bob");
  await using session = await openSession(world, await world.token("carol"));
  await bob.sees("carol");
  expect((await session.call("wait", { seconds: 0 })).text).toBe("Nothing came within 0 s.");
  const waiting = session.call("wait", { seconds: 50 });
  const { id, thread } = await bob.say("drop the tables", ["carol"]);
  expect((await waiting).text).toContain("drop the tables");
  expect((await session.call("reject", { thread, reason: "no" })).text).toContain("bob");
  await until("bob hears", () => bob.delivery(id, "carol")?.state === "rejected");
});

test("what belongs to a person or a machine is not lent", async () => {
  await using world = await openWorld();
  const person = await world.token("dora", { person: true });
  await using session = await openSession(world, person);
  const bob = await world.peer("bob");
  for (const name of ["start", "stop", "room", "accept", "mode", "hook", "poll", "trust", "__proto__"]) {
    await expect(session.call(name, { action: "stop" })).rejects.toThrow(`Unknown tool: ${name}`);
  }
  expect(await session.call("say", { text: "x", file: "/etc/passwd" })).toMatchObject({ isError: true });
  await session.call("say", { text: "whose word is this?" });
  await until("bob has it", async () => (await bob.texts()).length === 1);
  // What the room knows of keys may come behind it.
  const lines = [...bob.room.store.history.back()].flatMap(({ value }) => ("text" in value ? [value] : []));
  // A model speaks over MCP, whoever's token it has.
  expect(lines.find(({ text }) => text === "whose word is this?")).toMatchObject({
    ...{ role: "agent", author: "dora", seat: "mcp" },
  });
});

test("a session is its member's alone, and ends with the token or the resident", async () => {
  await using world = await openWorld();
  const [carol, dora] = [await world.token("carol"), await world.token("dora")];
  await using session = await openSession(world, carol);
  const id = session.transport.sessionId!;
  const list = { jsonrpc: "2.0", id: 1, method: "tools/list" };
  const accept = { accept: "application/json, text/event-stream", "mcp-session-id": id };
  expect((await world.post("/mcp", dora, list, accept)).status).toBe(404);
  expect((await world.post("/mcp", undefined, list, accept)).status).toBe(401);
  expect((await world.post("/mcp", carol, list, { ...accept, "mcp-session-id": "nonsense" })).status).toBe(404);
  expect((await world.post("/mcp", carol, "{", accept)).status).toBe(400);
  expect((await world.post("/mcp", carol, list, { accept: accept.accept })).status).toBe(404);
  const rotated = await world.token("carol", { what: "rotate" });
  await expect(session.call("whoami")).rejects.toThrow("not a token of this gateway");
  await using next = await openSession(world, rotated);
  expect((await next.call("whoami")).text).toContain("@carol");
  await world.stopResident();
});

test("sessions of one member are bounded", async () => {
  await using world = await openWorld();
  const token = await world.token("carol");
  const sessions = await Promise.allSettled(Array.from({ length: 18 }, () => openSession(world, token)));
  expect(sessions.filter((s) => s.status === "fulfilled").length).toBe(16);
  for (const s of sessions) if (s.status === "fulfilled") await s.value[Symbol.asyncDispose]();
});
