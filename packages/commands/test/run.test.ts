import { mkdirSync, mkdtempSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCommand, safeJson } from "@agora/commands";
import type { Results } from "@agora/ipc";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { NOW, scripted } from "./scripted-daemon.ts";
import { THREAD, HOSTILE, command, said, item, line, lines } from "./run-lines.ts";

test("say: what is asked of the daemon, and each delivery in words", async () => {
  const { around, asked } = scripted({ say: said });
  const answer = await runCommand(command("say", "@bob", "--file", "../a.txt", "hello"), around);
  expect(asked).toEqual([
    {
      name: "say",
      args: { id: expect.any(String), via: "cli", text: "hello", to: ["bob"], file: "/project/a.txt" },
      timeoutMs: 60_000,
    },
  ]);
  expect(answer).toMatchObject({ ok: true, data: said });
  expect(answer.ok && answer.lines).toEqual([
    "said to @bob thread 7k3f9x2c",
    "  bob: seen 14:02 (claude)",
    "  carol: held (hop limit)",
    "  carol is away",
  ]);
});

test("say: ~/ is the person's home; queued says why", async () => {
  const { around, asked } = scripted({
    say: { ...said, to: [], deliveries: [], notes: [], state: "queued", reason: "relay away" },
  });
  const answer = await runCommand(command("say", "--file", "~/a.txt"), around);
  expect(asked[0]!.args).toMatchObject({ file: "/home/me/a.txt" });
  expect(answer.ok && answer.lines[0]).toBe("said to everyone, queued (relay away) thread 7k3f9x2c");
});

test("inbox: an array for programs, the next words for people", async () => {
  const answer = await runCommand(command("inbox"), scripted({ inbox: { items: [item] } }).around);
  expect(answer).toMatchObject({
    ok: true,
    data: [{ thread: THREAD, id: THREAD, from: "bob", role: "agent", text: "look", at: NOW }],
  });
  expect(answer.ok && answer.lines).toEqual([
    "14:02 bob (agent) thread 7k3f9x2c",
    "  look",
    "agora accept 7k3f9x2c · agora reject 7k3f9x2c · agora append 7k3f9x2c TEXT",
  ]);
  expect(await lines({ inbox: { items: [] } }, ["inbox"])).toBe("nothing waits in the inbox");
});

test("mode auto names the rule without which Claude Code asks about each tool, once it is not there", async () => {
  const home = realpathSync(mkdtempSync(join(tmpdir(), "agora-mode-")));
  const auto = { mode: { mode: "auto", changed: true } } as const;
  const inClaude = { prefix: "/agora:", env: { HOME: home }, project: join(home, "project") };
  expect(await lines(auto, ["mode", "auto"], inClaude)).toContain(
    'put "mcp__plugin_agora_room" into permissions.allow',
  );
  const manual = { mode: { mode: "manual", changed: true } } as const;
  expect(await lines(manual, ["mode", "manual"], inClaude)).not.toContain("permissions.allow");
  // In a terminal only where the plugin is there; written at a yes, never without.
  const inTerminal = { env: { HOME: home }, project: join(home, "project") };
  expect(await lines(auto, ["mode", "auto"], inTerminal)).not.toContain("permissions.allow");
  mkdirSync(join(home, ".claude"));
  const path = join(home, ".claude", "settings.json");
  const plugin = JSON.stringify({ enabledPlugins: { "agora@agora": true } });
  writeFileSync(path, plugin);
  const asked: string[] = [];
  const answering = (yes: boolean) => ({
    ...inTerminal,
    ask: { secret: async () => undefined, yes: async (message: string) => (asked.push(message), yes) },
  });
  expect(await lines(auto, ["mode", "auto"], inTerminal)).toContain("permissions.allow");
  expect(await lines(auto, ["mode", "auto"], answering(false))).toContain("permissions.allow");
  expect(readFileSync(path, "utf8")).toBe(plugin);
  expect(await lines(auto, ["mode", "auto"], answering(true))).toContain(`stands in ${path} now`);
  expect(JSON.parse(readFileSync(path, "utf8"))).toEqual({
    permissions: { allow: ["mcp__plugin_agora_room"] },
    enabledPlugins: { "agora@agora": true },
  });
  expect(await lines(auto, ["mode", "auto"], answering(true))).not.toContain("mcp__plugin");
  expect(asked).toHaveLength(2);
  for (const via of ["shell", "tool"] as const) await lines(auto, ["mode", "auto"], { ...answering(true), via });
  expect(asked).toHaveLength(2);
  const settings = { permissions: { allow: ["mcp__plugin_agora_room"] } };
  writeFileSync(path, JSON.stringify(settings));
  expect(await lines(auto, ["mode", "auto"], inClaude)).not.toContain("permissions.allow");
});

test("accept, reject, append, mode, trust, wait, whoami read well", async () => {
  expect(await lines({ accept: { item, lines: [line], seat: "claude" } }, ["accept", "7k3f"])).toBe(
    "accepted: bob's thread 7k3f9x2c goes to claude\n  look",
  );
  expect(
    await lines({ reject: { thread: THREAD, id: THREAD, to: ["bob"], state: "relayed" } }, ["reject", "7k3f"]),
  ).toBe("rejected thread 7k3f9x2c, @bob told");
  expect(await lines({ append: said }, ["append", "7k3f", "more"])).toContain("bob: seen");
  expect(await lines({ mode: { mode: "auto", changed: true } }, ["mode", "auto"])).toBe(
    "mode=auto: the agent answers mentions by itself",
  );
  expect(await lines({ trust: { name: "bob", key: "K", changed: true } }, ["trust", "bob"])).toBe(
    "bob is trusted with the key K",
  );
  expect(await lines({ wait: { items: [], timedOut: true } }, ["wait", "--timeout", "2"])).toBe(
    "nothing came within 2 s",
  );
  expect(
    await lines({ whoami: { name: "alice", key: "K", room: "den", relay: "wss://r", mode: "manual" } }, ["whoami"]),
  ).toBe("alice in den at wss://r (mode=manual)\n  key K");
});

test("history: fifty by default, and how to see more", async () => {
  const { around, asked } = scripted({ history: { lines: [line], more: true } });
  const answer = await runCommand(command("history"), around);
  expect(asked[0]!.args).toEqual({ via: "cli", limit: 50 });
  expect(answer.ok && answer.lines).toEqual([
    "(there are older lines: agora history --limit 100)",
    "14:02 bob/claude (agent) → @alice thread 7k3f9x2c",
    "  look",
  ]);
});

test("status of an id that nothing has says so", async () => {
  const connection = { state: "joined", relay: "wss://r", room: "den", name: "a" };
  const status = {
    daemon: { pid: 1, version: "0", startedAt: NOW, project: "/p" },
    connection,
    mode: "manual",
    hopLimit: 3,
    inbox: 0,
    queued: 0,
    seats: [],
    events: [],
    notices: [],
  };
  expect(await lines({ status }, ["status", "zz"])).toMatch(/^refused: No message of yours has the id "zz"/);
  expect(await lines({ status }, ["status"])).toMatch(/^den at wss/);
});

test("who: connected, reachable and busy are three things", async () => {
  const members: Results["who"]["members"] = [
    {
      name: "alice",
      you: true,
      online: true,
      key: "k",
      mode: "manual",
      seats: [
        { seat: "claude", connected: true, reachable: false, busy: true },
        { seat: "codex", connected: true, reachable: true, busy: false },
      ],
    },
    { name: "bob", you: false, online: false, key: "k", seats: [], keyChanged: true },
  ];
  const connection = { state: "joined", relay: "wss://r", room: "den", name: "alice" } as const;
  const rungs = [
    { seat: "codex", rung: "wake", at: NOW - 3 * 3_600_000 },
    { seat: "claude", rung: "stop", at: NOW },
  ];
  expect(await lines({ who: { room: "den", you: "alice", connection, members, rungs } }, ["who"])).toBe(
    [
      "den at wss://r as alice: joined",
      "  alice (you): online · mode=manual",
      "    alice/claude: connected, not reachable, busy; waking unproven",
      "    alice/codex: connected, reachable, idle; waking proven 3 h ago",
      "  bob: away",
      "    shows another key than before: nothing from it is taken until you say agora trust bob",
    ].join("\n"),
  );
});

describe("what belongs to the person", () => {
  for (const via of ["shell", "tool"] as const) {
    for (const words of [
      ["accept", "x"],
      ["append", "x", "y"],
      ["mode", "auto"],
      ["trust", "bob"],
    ]) {
      test(`${via}: ${words.join(" ")}`, async () => {
        const { around, asked } = scripted({}, { via });
        expect(await runCommand(command(...words), around)).toMatchObject({ ok: false, code: "not-allowed" });
        expect(asked).toEqual([]);
      });
    }
    test(`${via}: mode manual and reject are an agent's as well`, async () => {
      expect(await lines({ mode: { mode: "manual", changed: true } }, ["mode", "manual"], { via })).toContain(
        "mode=manual",
      );
    });
  }
});

test("JSON hides nothing and loses nothing", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(JSON.parse(safeJson({ text }))).toEqual({ text });
    }),
  );
  expect(safeJson(HOSTILE)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u200b\u202e]/);
});

test("help shows every command as it is typed here", async () => {
  const shown = await lines({}, ["help"], { prefix: "/agora:" });
  expect(shown).toContain("/agora:say [#channel] [@a @b] [--thread ID] [-c NAME] [--role agent] [--file PATH] TEXT");
  expect(await lines({}, ["help", "start"])).toContain("-n, --name NAME");
});
