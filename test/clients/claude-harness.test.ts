// Pins the facts about the real Claude Code that the product rests on and that no documentation promises.
// If one of these fails with a new version, the adapter for that client has to learn something first.
import { readlink, realpath, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type ClaudeSetup, openClaude, runClaude } from "./claude-session.ts";
import { fixturePlugin, hookCalls, readSeen } from "./fixture-seen.ts";
import { claudePlugin, installPlugin, type InstallWay, seedHome } from "./home.ts";
import { clientBinary, NEWEST, VERSIONS } from "./installed.ts";
import type { Rule } from "./model-script.ts";
import { openModelService } from "./model-service.ts";
import { openNamespace } from "./namespace.ts";
import { until } from "./wait-until.ts";
import { openScratch } from "./scratch.ts";

const wakePromptStart = "<task-notification>\n<summary>Stop hook feedback</summary>";
/** The client ends hooks of a session's end after 1.5 s, in which a busy machine does not start a program. */
const patientEnd = { CLAUDE_CODE_SESSIONEND_HOOKS_TIMEOUT_MS: "60000" };
const nastyText = `/fixture:say @bob it's "$(touch owned)" \`id\` 🎉\n  second & <b> $HOME line`;

describe.each([NEWEST])("Claude Code %s", (version) => {
  /** One person with the fixture plugin, alone in a namespace. */
  async function openPerson(rules: readonly Rule[] = [], way: InstallWay = "plugin-dir", args: readonly string[] = []) {
    await using stack = new AsyncDisposableStack();
    const scratch = stack.use(await openScratch());
    const net = stack.use(await openNamespace());
    const project = join(scratch.path, "project");
    const bare = await seedHome(join(scratch.path, "home"), [project]);
    const home = await installPlugin(net, version, bare, fixturePlugin, way);
    const model = stack.use(await openModelService(net, join(scratch.path, "model"), rules));
    const setup: ClaudeSetup = { net, version, home, project, model, args, env: patientEnd };
    const owned = stack.move();
    return { ...setup, setup, [Symbol.asyncDispose]: () => owned.disposeAsync() };
  }

  test.each<InstallWay>(["git", "directory", "plugin-dir"])(
    "installs by %s; server and tool keep their names",
    async (way) => {
      await using person = await openPerson([], way);
      const { code, stdout } = await runClaude(person.setup, "hello");
      expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining("model: I read hello") as string });
      const [request] = await person.model.requests();
      expect(request?.text).toContain("FIXTURE-PROMPT-CONTEXT hello");
      const offered = [...(request?.tools ?? []), request?.text].join("\n");
      expect(offered).toContain("mcp__plugin_fixture_room__say");
      expect(offered).not.toContain("mcp__plugin_fixture_room__hook");
    },
  );

  test("accepts the fixture in a strict validation", async () => {
    await using person = await openPerson();
    const { marketplace, source } = fixturePlugin;
    for (const folder of [marketplace, join(marketplace, source)]) {
      const said = await claudePlugin(person.net, version, person.home, ["validate", "--strict", folder]);
      expect(said).toContain("Validation passed");
    }
  });

  test("tells hooks and server the project, and marks them like an agent's shell", async () => {
    await using person = await openPerson();
    await runClaude(person.setup, "hello");
    const seen = await readSeen(person.home);
    const start = seen.find(({ what }) => what === "SessionStart");
    const server = seen.find(({ what }) => what === "server");
    const common = { cwd: person.project, project: person.project, claudecode: "1", entrypoint: "sdk-cli" };
    expect(start?.surroundings).toMatchObject({ ...common, session: start?.input?.["session_id"] });
    expect(server?.surroundings).toMatchObject(common);
    expect(start?.input).toMatchObject({ source: "startup", cwd: person.project });
    expect(seen.findLast(({ what }) => what === "SessionEnd")?.input).toMatchObject({ reason: "other" });
    // A placeholder without a value becomes an empty text, so one input object serves every event.
    expect((await hookCalls(person.home, "UserPromptSubmit"))[0]).toMatchObject({ unknown: "", again: "", agent: "" });
    expect((await hookCalls(person.home, "Stop"))[0]).toMatchObject({ again: "false", prompt: "" });
  });

  test("a block shows the reason with no model request, and the hook gets the raw text", async () => {
    await using person = await openPerson();
    const { code, stdout, stderr } = await runClaude(person.setup, nastyText);
    expect({ code, stdout: stdout.trimEnd(), stderr }).toEqual({
      code: 0,
      stdout: `UserPromptSubmit operation blocked by hook:\nFIXTURE-DONE\n${nastyText}`,
      stderr: "",
    });
    await using session = await openClaude(person.setup);
    await session.send(nastyText);
    await session.waitFor(/blocked by hook:\s+FIXTURE-DONE/);
    expect((await hookCalls(person.home, "UserPromptSubmit")).map(({ prompt }) => prompt)).toEqual([
      nastyText,
      nastyText,
    ]);
    expect(await person.model.requests()).toEqual([]);
  });

  test("context of a Stop hook goes on with the turn, alone and beside a reason", async () => {
    const rules: Rule[] = [
      { when: { user: "FIRST" }, times: 1, reply: "STOP-CONTEXT" },
      { when: { user: "SECOND" }, times: 1, reply: "STOP-BOTH" },
    ];
    await using person = await openPerson(rules);
    await runClaude(person.setup, "FIRST");
    await runClaude(person.setup, "SECOND");
    const requests = await person.model.requests();
    expect(requests).toHaveLength(4);
    expect(requests[1]?.fresh).toContain("Stop hook additional context: FIXTURE-STOP-CONTEXT");
    expect(requests[3]?.fresh).toContain("Stop hook feedback:\nFIXTURE-REASON");
    expect(requests[3]?.fresh).toContain("Stop hook additional context: FIXTURE-STOP-CONTEXT");
  });

  test("the hidden tool answers hooks and not the model; only a model's call has a tool-use id", async () => {
    const rules: Rule[] = [
      {
        when: { user: "HIDDEN", firstOfTurn: true },
        reply: { tool: "mcp__plugin_fixture_room__hook", input: { event: "Stop" } },
      },
      {
        when: { user: "LISTED", firstOfTurn: true },
        reply: { tool: "mcp__plugin_fixture_room__say", input: { text: "hi" } },
      },
    ];
    await using person = await openPerson(rules, "plugin-dir", ["--allowedTools", "mcp__plugin_fixture_room"]);
    expect((await runClaude(person.setup, "HIDDEN")).stdout).toContain("No such tool available");
    expect((await runClaude(person.setup, "LISTED")).stdout).toContain("said hi");
    const calls = (await readSeen(person.home)).filter(({ what }) => what === "call");
    const [said, ...more] = calls.filter(({ name }) => name === "say");
    expect(more).toEqual([]);
    expect(said?.meta).toMatchObject({ "claudecode/toolUseId": expect.stringContaining("toolu_") as string });
    const hooks = calls.filter(({ name }) => name === "hook");
    expect(hooks.every(({ meta }) => meta?.["claudecode/toolUseId"] === undefined)).toBe(true);
    // The hook after the tool brings its context into the same turn.
    expect((await person.model.requests()).at(-1)?.fresh).toContain("FIXTURE-TOOL-CONTEXT");
  });

  test("asks the person before the model uses our tool", async () => {
    const call: Rule = {
      when: { user: "LISTED", firstOfTurn: true },
      reply: { tool: "mcp__plugin_fixture_room__say", input: { text: "hi" } },
    };
    await using person = await openPerson([call]);
    expect((await runClaude(person.setup, "LISTED")).stdout).toContain("haven't granted it");
    await using session = await openClaude(person.setup);
    await session.send("LISTED");
    await session.waitFor(/Do you want to proceed/);
    await session.key("Enter");
    await session.waitFor(/the tool said said hi/);
  });

  test("an idle session is woken twice in a row, and the prompt hook says why", async () => {
    await using person = await openPerson();
    await using _idle = await openClaude(person.setup);
    for (const turn of [1, 2]) {
      await until(
        "the waiter",
        async () => (await readSeen(person.home)).filter(({ what }) => what === "waiter armed").length >= turn,
        10_000,
      );
      // Put in place whole: the waiter reads it as soon as it is there.
      await writeFile(join(person.home.path, "sentence"), `FIXTURE-WAKE ${turn}`);
      await rename(join(person.home.path, "sentence"), join(person.home.path, "wake"));
      const requests = await person.model.waitForRequests(turn);
      expect(requests).toHaveLength(turn);
      expect(requests.at(-1)?.fresh).toContain(`FIXTURE-WAKE ${turn}`);
      expect(requests.at(-1)?.fresh).toContain("FIXTURE-PROMPT-CONTEXT <task-notification>");
    }
    const prompts = await hookCalls(person.home, "UserPromptSubmit");
    expect(prompts.map(({ prompt }) => prompt?.startsWith(wakePromptStart))).toEqual([true, true]);
    // A woken turn counts as a stopped one from its beginning: only the turn's own id is a safe memory.
    await until("the second Stop", async () => (await hookCalls(person.home, "Stop")).length === 2, 10_000);
    expect((await hookCalls(person.home, "Stop")).map(({ again }) => again)).toEqual(["true", "true"]);
    expect(new Set(prompts.map(({ turn }) => turn)).size).toBe(2);
  });

  test("Esc before the answer: no Stop, and the context is gone from the conversation", async () => {
    await using person = await openPerson([{ when: { user: "SLOW" }, reply: "late", held: true }]);
    await using session = await openClaude(person.setup);
    await session.send("SLOW");
    await person.model.waitForRequests(1);
    await session.waitFor(/esc to interrupt/);
    await session.key("Escape");
    // The cancelled prompt comes back into the input box.
    await session.waitFor(/❯ SLOW\n─/);
    await session.waitGone(/esc to interrupt/);
    await session.key("C-u");
    await session.waitGone(/❯ SLOW\n─/);
    await session.send("quick");
    const [, second] = await person.model.waitForRequests(2);
    expect(second?.text).toContain("FIXTURE-PROMPT-CONTEXT quick");
    expect(second?.text).not.toContain("FIXTURE-PROMPT-CONTEXT SLOW");
    await session.waitFor(/I read quick/);
    // The hooks run after the answer is on the screen; one for the cancelled turn would have come first.
    await until("the Stop", async () => (await hookCalls(person.home, "Stop")).length > 0, 10_000);
    expect((await hookCalls(person.home, "Stop")).map(({ turn }) => turn)).toEqual([
      (await hookCalls(person.home, "UserPromptSubmit")).at(-1)?.["turn"],
    ]);
  });

  test("/clear gives the hooks a new session and keeps the server; resume keeps the session", async () => {
    await using person = await openPerson();
    {
      await using session = await openClaude(person.setup);
      await session.send("before");
      await session.waitFor(/I read before/);
      await session.send("/clear");
      await session.waitGone(/I read before/);
      await until(
        "the new start",
        async () => (await readSeen(person.home)).some(({ input }) => input?.["source"] === "clear"),
        10_000,
      );
      await session.send("after");
      await session.waitFor(/I read after/);
      await session.exit();
    }
    const seen = await readSeen(person.home);
    expect(seen.filter(({ what }) => what === "server")).toHaveLength(1);
    const ends = seen.filter(({ what }) => what === "SessionEnd").map(({ input }) => input?.["reason"]);
    expect(ends).toEqual(["clear", "prompt_input_exit"]);
    const [before, after] = (await hookCalls(person.home, "UserPromptSubmit")).map((input) => input["session"]);
    const starts = seen
      .filter(({ what }) => what === "SessionStart")
      .map(({ input }) => [input?.["source"], input?.["session_id"]]);
    expect(starts).toEqual([
      ["startup", before],
      ["clear", after],
    ]);
    expect(after).not.toBe(before);

    await using session = await openClaude({ ...person.setup, args: ["--continue"] });
    await session.send("again");
    await session.waitFor(/I read again/);
    const resumed = await until(
      "the resumed start",
      async () => (await readSeen(person.home)).find(({ input }) => input?.["source"] === "resume"),
      10_000,
    );
    expect(resumed).toMatchObject({ what: "SessionStart", input: { session_id: after } });
    expect((await hookCalls(person.home, "UserPromptSubmit")).at(-1)?.["session"]).toBe(after);
  });
});

describe("the harness itself", () => {
  test("two people share a namespace, each with an own client, HOME, project and model", async () => {
    await using scratch = await openScratch();
    await using net = await openNamespace();
    await using stack = new AsyncDisposableStack();
    const sessions = [];
    for (const [at, name] of ["alice", "bob"].entries()) {
      const project = join(scratch.path, name, "project");
      const bare = await seedHome(join(scratch.path, name, "home"), [project]);
      const version = at === 0 ? VERSIONS[0]! : NEWEST;
      const home = await installPlugin(net, version, bare, fixturePlugin, "plugin-dir");
      const model = stack.use(await openModelService(net, join(scratch.path, name, "model")));
      sessions.push(stack.use(await openClaude({ net, version, home, project, model })));
    }
    const [alice, bob] = sessions;
    await alice?.send("I am alice");
    await bob?.send("I am bob");
    await alice?.waitFor(/I read I am alice/);
    await bob?.waitFor(/I read I am bob/);
    expect((await bob?.requests())?.map(({ text }) => text).join()).not.toContain("alice\n");
    expect(await alice?.requests()).toHaveLength(1);
    // The client is a process that a test may end as it likes.
    const pid = (await bob?.pid()) ?? 0;
    expect(await readlink(`/proc/${pid}/exe`)).toBe(await realpath(clientBinary(NEWEST)));
    process.kill(pid, "SIGKILL");
    await bob?.waitFor(/client ended with 137/);
  });

  test("a namespace ends everything that was started in it, detached or not", async () => {
    let left: number[];
    {
      await using net = await openNamespace();
      await net.run("sh", [
        "-c",
        "setsid sleep 300 >/dev/null 2>&1 & setsid sh -c 'trap \"\" TERM; sleep 300' >/dev/null 2>&1 & sleep 0.2",
      ]);
      left = net.pids();
      expect(left.length).toBeGreaterThanOrEqual(2);
      const { stdout } = await net.run("ip", ["-brief", "address"]);
      expect(stdout.trim().split("\n")).toEqual([expect.stringMatching(/^lo\s+UNKNOWN\s+127\.0\.0\.1/)]);
    }
    // A zombie that nobody reaps has no program any more.
    for (const pid of left) await expect(readlink(`/proc/${pid}/exe`)).rejects.toThrow("ENOENT");
  });
});
