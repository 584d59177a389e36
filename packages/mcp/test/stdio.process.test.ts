// The server and the command hooks as processes of their own, spoken to by the SDK's client and by a client's hook runner.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import type { Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { describe, expect, test } from "vitest";
import { until } from "../../../test/wait-until.ts";
import { peerLine } from "../src/scripted-line.ts";
import { openFakeDaemon, openPlace, type Place, SEAT_STATE } from "./fake-daemon.ts";

const program = fileURLToPath(new URL("./role-main.ts", import.meta.url));
const EMPTY = { items: [], inbox: 0, skipped: 0 };
const handed = (text: string, asked = false) => ({
  items: [{ line: peerLine("aaaaaaaaaaaaaaaaaaaa", text), again: false, asked }],
  inbox: 0,
  skipped: 0,
});

async function openServerProcess(place: Place) {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [program, "mcp", "claude"],
    env: place.env,
    cwd: place.project,
    stderr: "pipe",
  });
  const client = new Client({ name: "test", version: "0" });
  await client.connect(transport);
  const hook = async (event: string, more: Record<string, string> = {}): Promise<Record<string, unknown>> => {
    const input = { event, prompt: "", session: "s1", promptId: "p", agentId: "", tool: "", ...more };
    const result = await client.callTool({ name: "hook", arguments: input });
    const [content] = result.content as { text: string }[];
    return JSON.parse(content!.text) as Record<string, unknown>;
  };
  return { client, hook, pid: transport.pid!, [Symbol.asyncDispose]: () => client.close() };
}

function runHookProcess(place: Place, event: string, input: object, env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [program, "hook", event], {
    env: { ...place.env, ...env },
    cwd: place.project,
  });
  let out = "";
  let err = "";
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
  child.stdin.on("error", () => undefined).end(JSON.stringify(input));
  const ended = new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
    child.on("close", (code) => resolve({ code, out, err }));
  });
  return { child, ended };
}

const contextIn = (answer: Record<string, unknown>): string =>
  (answer["hookSpecificOutput"] as Record<string, string> | undefined)?.["additionalContext"] ?? "";

describe("the server", () => {
  test("in a project that never joined: empty answers, and nothing is made", async () => {
    await using place = openPlace();
    await using server = await openServerProcess(place);
    for (const event of ["UserPromptSubmit", "PostToolUse", "Stop"])
      expect(await server.hook(event, { prompt: "hi" })).toEqual({});
    const blocked = await server.hook("UserPromptSubmit", { prompt: "/agora:say @bob hi" });
    expect(blocked["reason"]).toMatch(/^Not sent, because: /);
    expect(existsSync(place.home.path)).toBe(false);
    expect(existsSync(`${place.project}/.agora`)).toBe(false);
  });

  test("a start elsewhere takes effect at the next hook, a stop too", async () => {
    await using place = openPlace();
    await using server = await openServerProcess(place);
    expect(await server.hook("UserPromptSubmit", { prompt: "one" })).toEqual({});
    await place.join(true);
    await using daemon = await openFakeDaemon(place, { prompt: () => handed("hello from bob") });
    expect(contextIn(await server.hook("UserPromptSubmit", { prompt: "two" }))).toContain("hello from bob");
    expect(daemon.asked.map(({ name }) => name)).toEqual(["attach", "prompt"]);
    await place.join(false);
    expect(await server.hook("UserPromptSubmit", { prompt: "three" })).toEqual({});
    await expect.poll(() => daemon.sessions).toBe(0);
  });

  test("a whole turn: prompt, tool use, Stop", async () => {
    await using place = openPlace();
    await place.join(true);
    await using daemon = await openFakeDaemon(place, { prompt: () => handed("news") });
    await using server = await openServerProcess(place);
    expect(contextIn(await server.hook("UserPromptSubmit", { prompt: "hi" }))).toContain("news");
    daemon.push({ push: "unread", count: 0 });
    expect(await server.hook("PostToolUse", { tool: "Bash" })).toEqual({});
    daemon.answers = {
      turnEnd: () => ({ ...handed("do this", true), mention: peerLine("aaaaaaaaaaaaaaaaaaaa", "do this") }),
    };
    const stop = await server.hook("Stop");
    expect(stop).toEqual({
      systemMessage: "agora: 1 message, @bob's agent asks (thread aaaaaaaa): do this",
      hookSpecificOutput: { hookEventName: "Stop", additionalContext: expect.stringContaining("do this") as string },
    });
    daemon.answers = {};
    expect(await server.hook("Stop")).toEqual({});
    expect(daemon.asked.map(({ name }) => name)).toEqual(["attach", "prompt", "sign", "turnEnd", "turnEnd"]);
  });

  test("a subagent is not the session", async () => {
    await using place = openPlace();
    await place.join(true);
    await using daemon = await openFakeDaemon(place, { prompt: () => handed("news") });
    await using server = await openServerProcess(place);
    expect(await server.hook("PostToolUse", { tool: "Bash", agentId: "a1" })).toEqual({});
    expect(daemon.asked).toEqual([]);
  });

  test("ends with its client", async () => {
    await using place = openPlace();
    await place.join(true);
    await using daemon = await openFakeDaemon(place);
    const server = await openServerProcess(place);
    await server.hook("UserPromptSubmit", { prompt: "hi" });
    expect(daemon.sessions).toBe(1);
    const { pid } = server;
    await server.client.close();
    await expect.poll(() => existsSync(`/proc/${pid}`)).toBe(false);
    await expect.poll(() => daemon.sessions).toBe(0);
  });
});

describe("the command hooks", () => {
  test("in a project that never joined they leave no file", async () => {
    await using place = openPlace();
    for (const event of ["session-start", "wait", "session-end"]) {
      const { ended } = runHookProcess(place, event, { session_id: "s1", source: "startup" });
      expect(await ended).toEqual({ code: 0, out: "", err: "" });
    }
    expect(existsSync(place.home.path)).toBe(false);
  });

  test("session-start gives the primer, the waiter wakes with 2 and a fixed sentence", async () => {
    await using place = openPlace();
    await place.join(true);
    const { promise: waked, resolve: wake } = Promise.withResolvers<{ wake: boolean; count: number; from: string[] }>();
    await using daemon = await openFakeDaemon(place, {
      sessionStart: () => ({ ...SEAT_STATE, ...EMPTY }),
      awaitWake: () => waked,
    });
    const input = { session_id: "s1", source: "startup" };
    const started = await runHookProcess(place, "session-start", input).ended;
    expect(started).toMatchObject({ code: 0, err: "" });
    expect(contextIn(JSON.parse(started.out) as Record<string, unknown>)).toContain("@alice/claude");
    const waiter = runHookProcess(place, "wait", input);
    await expect.poll(() => daemon.asked.at(-1)?.name).toBe("awaitWake");
    wake({ wake: true, count: 1, from: ["bob"] });
    expect(await waiter.ended).toEqual({
      code: 2,
      out: "",
      err: "Agora: 1 message from bob for this session; the text is in the context beside this note.\n",
    });
  });

  test("under claude -p the waiter leaves at once", async () => {
    await using place = openPlace();
    await place.join(true);
    const { ended } = runHookProcess(place, "wait", { session_id: "s1" }, { CLAUDE_CODE_ENTRYPOINT: "sdk-cli" });
    expect(await ended).toEqual({ code: 0, out: "", err: "" });
  });
});

test("a server whose client died ends, although something else holds its input open", async () => {
  await using place = openPlace();
  // The client is a shell that starts the server with one end of a pipe whose other end the test holds.
  const script = '"$0" "$1" mcp claude <&3 2>/dev/null & echo $!; sleep 600';
  const client = spawn("sh", ["-c", script, process.execPath, program], {
    env: place.env,
    cwd: place.project,
    stdio: ["ignore", "pipe", "ignore", "pipe"],
  });
  let said = "";
  client.stdout!.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const clientInfo = { name: "test", version: "0" };
  const params = { protocolVersion: "2025-06-18", capabilities: {}, clientInfo };
  (client.stdio[3] as Writable).write(`${JSON.stringify({ jsonrpc: "2.0", id: 1, method: "initialize", params })}\n`);
  await until("the server answers", () => said.includes("serverInfo"));
  const server = await until("its number", () => Number(/^\d+$/m.exec(said)?.[0]));
  expect(isRunning(server)).toBe(true);
  client.kill("SIGKILL");
  await until("it has ended", () => !isRunning(server));
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
