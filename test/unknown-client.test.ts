// A client that we don't know yet: what still works goes on, and the person is told what doesn't, by the ways that are left.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { describe, expect, test } from "vitest";
import { type Person, Town, until } from "./test-users.ts";

const entry = process.env["AGORA_ENTRY"] ?? join(import.meta.dirname, "../packages/cli/src/main.ts");
const thread = "01a22b48-2de3-72b1-9d01-d7a0d707d770";
const model = { callId: "call_1", sessionId: thread, threadId: thread };

/** A session of some later Codex. */
async function openTomorrow(person: Person) {
  const client = new Client({ name: "codex-mcp-client", title: "Codex", version: "9.0.0" });
  const env = { PATH: process.env["PATH"] ?? "", HOME: person.home, AGORA_HOME: person.home };
  const args = [entry, "mcp", "--client", "codex"];
  await client.connect(
    new StdioClientTransport({ command: process.execPath, args, env, cwd: person.project, stderr: "ignore" }),
  );
  const call = async (name: string, args: Record<string, unknown>, meta: Record<string, unknown>) => {
    const answer = await client.callTool({ name, arguments: args, _meta: meta });
    return (answer.content as readonly { readonly text: string }[])[0]?.text ?? "";
  };
  const hook = (event: string, meta: Record<string, unknown>, prompt = "") =>
    call("hook", { event, session: thread, cwd: person.project, prompt }, meta);
  return { call, hook, [Symbol.asyncDispose]: () => client.close() };
}

describe("a client of tomorrow", () => {
  test("that tells more of its hooks is served as today's", async () => {
    await using town = new Town();
    const relay = await town.relay();
    const alice = town.person("alice", relay);
    await alice.start();
    await using session = await openTomorrow(alice);
    const meta = { threadId: thread, "codex/of-tomorrow": { callId: "nested" }, progressToken: 1 };
    expect(await session.hook("UserPromptSubmit", meta, "agora:say it works")).toContain("said to everyone");
    expect(await session.call("who", {}, model)).not.toContain("No hook of Agora");
    expect((await alice.type(["status"])).out).not.toContain("hooks fail");
  });

  test("whose hooks are not understood still has its tools, and model, status and who say what does not work", async () => {
    await using town = new Town();
    const relay = await town.relay();
    const alice = town.person("alice", relay);
    await alice.start();
    await using session = await openTomorrow(alice);
    const marked = { threadId: thread, callId: "a hook's, tomorrow" };
    await expect(session.hook("UserPromptSubmit", marked, "agora:say lost")).rejects.toThrow("Unknown tool: hook");
    const first = await session.call("say", { text: "by the tool" }, model);
    expect(first).toMatch(/No hook of Agora has reached this session of Codex 9\.0\.0: .*agora:… is not carried out/);
    expect(await session.call("who", {}, model)).not.toContain("No hook of Agora");
    const trouble = /Agora's hooks fail in codex 9\.0\.0 \(.*ago\)/;
    await until("the sign to be written", async () => trouble.test((await alice.type(["status"])).out));
    expect((await alice.type(["who"])).out).toMatch(trouble);
    expect(
      (await alice.ask<{ lines: readonly { text: string }[] }>(["history"])).lines.map(({ text }) => text),
    ).toEqual(["by the tool"]);
    // A newer Agora, or the client's next version, understands them: then nothing of it is left.
    await session.hook("UserPromptSubmit", { threadId: thread });
    await until("the proof to be written", async () => !trouble.test((await alice.type(["status"])).out));
  });

  test("in a project that never joined it leaves no trace", async () => {
    await using town = new Town();
    const alice = town.person("alice", undefined);
    await using session = await openTomorrow(alice);
    expect(await session.call("who", {}, model)).not.toContain("No hook of Agora");
    expect(() => readdirSync(alice.home)).toThrow("ENOENT");
  });
});
