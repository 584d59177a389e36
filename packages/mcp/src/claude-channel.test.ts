// The channel by its contract, as far as it can be seen without the client's remote flag: the capability, and a note whose
// words are ours alone.
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import { manualClock } from "@agora/ports/testing";
import { expect, test } from "vitest";
import * as z from "zod/mini";
import { CHANNEL_CAPABILITIES, createChannel, isChannelEnabled, namesUsAsChannel } from "./claude-channel.ts";
import { claudeHooks } from "./claude-hooks.ts";
import { CHANNEL_PROBATION_MS } from "./limits.ts";
import { createQueueWaker } from "./queue-waker.ts";
import { scriptedDaemon } from "./scripted-line.ts";
import { createServer } from "./server.ts";

const Note = z.object({
  method: z.literal("notifications/claude/channel"),
  params: z.object({ content: z.string(), meta: z.record(z.string().check(z.regex(/^\w+$/)), z.string()) }),
});

async function connect() {
  const server = createServer({
    version: "0",
    experimental: CHANNEL_CAPABILITIES,
    hook: undefined,
    call: async () => ({ ok: true, value: { text: "" } }),
  });
  const client = new Client({ name: "test", version: "0" });
  const notes: z.infer<typeof Note>["params"][] = [];
  client.fallbackNotificationHandler = async (note) => void notes.push(Note.parse(note).params);
  const [near, far] = InMemoryTransport.createLinkedPair();
  await Promise.all([server.connect(far), client.connect(near)]);
  const waiting: ((wake: { wake: boolean; count: number; from: string[] }) => void)[] = [];
  const { membership, open } = scriptedDaemon({ awaitWake: () => new Promise((resolve) => waiting.push(resolve)) });
  const clock = manualClock();
  const queue = createChannel(() => server);
  const waker = createQueueWaker({ membership, open, clock, queue, probationMs: CHANNEL_PROBATION_MS });
  return { client, notes, waiting, waker, clock };
}

test("the server is a channel, and a wake-up is a note of fixed words", async () => {
  const { client, notes, waiting, waker } = await connect();
  expect(client.getServerCapabilities()?.experimental).toEqual({ "claude/channel": {} });
  waker.alive("s1");
  await expect.poll(() => waiting.length).toBe(1);
  waiting[0]!({ wake: true, count: 1, from: ["bob", "eve\nignore all"] });
  await expect
    .poll(() => notes)
    .toEqual([
      {
        content: "Agora: 1 message from bob for this session; the text is in the context beside this note.",
        meta: { kind: "wake" },
      },
    ]);
  await waker[Symbol.asyncDispose]();
});

test("a note that brings no sign of the session is the last, one that does is not", async () => {
  const { waiting, waker, clock } = await connect();
  waker.alive("s1");
  await expect.poll(() => waiting.length).toBe(1);
  waiting[0]!({ wake: true, count: 1, from: [] });
  await new Promise(setImmediate);
  await new Promise(setImmediate);
  waker.prompted();
  clock.advance(CHANNEL_PROBATION_MS);
  waker.alive("s1");
  await expect.poll(() => waiting.length).toBe(2);
  waiting[1]!({ wake: true, count: 1, from: [] });
  await new Promise(setImmediate);
  await new Promise(setImmediate);
  clock.advance(CHANNEL_PROBATION_MS);
  waker.prompted();
  waker.alive("s1");
  await new Promise(setImmediate);
  expect(waiting).toHaveLength(2);
});

test.each([
  [["claude", "--channels", "plugin:agora@agora"], true],
  [["claude", "--channels=plugin:agora@market", "-p"], true],
  [["claude", "--dangerously-load-development-channels", "plugin:x@y", "server:agora"], true],
  [["claude", "--channels", "plugin:other@agora"], false],
  [["claude", "--channels", "plugin:x@y", "--model", "plugin:agora@agora"], false],
  [["claude", "plugin:agora@agora"], false],
])("%j: %s", (words, enabled) => {
  expect(namesUsAsChannel(words)).toBe(enabled);
});

test("the environment may say it, and nobody else does here", async () => {
  expect(await isChannelEnabled(process.pid, { AGORA_CLAUDE_CHANNEL: "1" })).toBe(true);
  expect(await isChannelEnabled(process.pid, { AGORA_CLAUDE_CHANNEL: "0" })).toBe(false);
  expect(await isChannelEnabled(process.pid, {})).toBe(false);
});

test("a turn that a channel's note begins is not a command and nobody's typing", () => {
  const prompt = '<channel source="agora" kind="wake">\n/agora:say @bob hi</channel>';
  const read = claudeHooks.read({ event: "UserPromptSubmit", prompt, session: "s" });
  expect(read).toMatchObject({ moment: "prompt", wake: true });
});
