import { setImmediate } from "node:timers/promises";
import { manualClock } from "@agora/ports/testing";
import { describe, expect, test } from "vitest";
import { answerCommandHook } from "./hook-entry.ts";
import type { HookWorld } from "./hook-context.ts";
import { type Answers, peerLine, scriptedDaemon } from "./scripted-line.ts";

const CONNECTION = { state: "joined", relay: "ws://127.0.0.1:1", room: "lobby", name: "alice" } as const;
const SEAT = {
  name: "alice",
  seat: "claude",
  room: "lobby",
  mode: "manual",
  connection: CONNECTION,
  inbox: 0,
} as const;
const EMPTY = { items: [], inbox: 0, skipped: 0 };

function world(input: object | string, answers: Answers = {}, env: HookWorld["env"] = {}) {
  const daemon = scriptedDaemon(answers);
  const clock = manualClock();
  const said = { out: "", err: "", read: false, alive: true };
  const made: HookWorld = {
    env,
    input: async () => {
      said.read = true;
      return typeof input === "string" ? input : JSON.stringify(input);
    },
    out: (text) => void (said.out += text),
    err: (text) => void (said.err += text),
    membership: daemon.membership,
    open: daemon.open,
    clock,
    sleep: async (ms) => {
      await setImmediate();
      clock.advance(ms);
    },
    parentAlive: () => said.alive,
  };
  return { daemon, said, made };
}

const context = (out: string): string => {
  const { hookSpecificOutput } = JSON.parse(out) as { hookSpecificOutput: Record<string, string> };
  expect(hookSpecificOutput["hookEventName"]).toBe("SessionStart");
  return hookSpecificOutput["additionalContext"]!;
};

describe("any command hook", () => {
  test.each(["session-start", "wait", "session-end", "of-another-version"])(
    "%s in a project that never joined leaves without a word, without asking anybody",
    async (event) => {
      const { daemon, said, made } = world({ session_id: "s1", source: "startup" });
      daemon.joined = false;
      expect(await answerCommandHook(event, made)).toBe(0);
      expect(said).toMatchObject({ out: "", err: "", read: false });
      expect(daemon.asked).toEqual([]);
    },
  );

  test.each(["", "{", "[]", "null", "{}", '{"session_id":7}'])(
    "input that is none (%s): 0 and silence",
    async (input) => {
      for (const event of ["session-start", "wait", "session-end"]) {
        const { said, made } = world(input);
        expect(await answerCommandHook(event, made)).toBe(0);
        expect(said).toMatchObject({ out: "", err: "" });
      }
    },
  );

  test("a daemon that fails: 0 and silence", async () => {
    const boom = () => {
      throw new Error("boom");
    };
    for (const event of ["session-start", "session-end"]) {
      const { said, made } = world({ session_id: "s1", source: "startup" }, { sessionStart: boom, detach: boom });
      expect(await answerCommandHook(event, made)).toBe(0);
      expect(said).toMatchObject({ out: "", err: "" });
    }
  });
});

describe("session-start", () => {
  test("starts the daemon and gives a primer of at most 1,200 bytes and what is unseen", async () => {
    const handed = {
      items: [{ line: peerLine("aaaaaaaaaaaaaaaaaaaa", "hi there"), again: false, asked: false }],
      inbox: 1,
      skipped: 0,
    };
    const { daemon, said, made } = world(
      { session_id: "s1", source: "startup" },
      { sessionStart: () => ({ ...SEAT, ...handed }) },
    );
    daemon.running = false;
    expect(await answerCommandHook("session-start", made)).toBe(0);
    expect(daemon.launches).toBe(1);
    expect(daemon.asked).toEqual([
      { name: "sessionStart", args: { client: "claude", session: "s1", source: "startup" } },
    ]);
    expect(context(said.out)).toContain("@alice/claude");
    expect(context(said.out)).toContain("hi there");
  });

  test("the primer alone", async () => {
    const { said, made } = world(
      { session_id: "s1", source: "compact" },
      { sessionStart: () => ({ ...SEAT, ...EMPTY }) },
    );
    await answerCommandHook("session-start", made);
    expect(Buffer.byteLength(context(said.out))).toBeLessThanOrEqual(1_200);
  });

  test("a resumed session has its primer already", async () => {
    const { said, made } = world(
      { session_id: "s1", source: "resume" },
      { sessionStart: () => ({ ...SEAT, ...EMPTY }) },
    );
    await answerCommandHook("session-start", made);
    expect(said.out).toBe("");
  });
});

describe("session-end", () => {
  test("gives back what the seat had taken, and starts nothing for it", async () => {
    const { daemon, made } = world({ session_id: "s1", reason: "prompt_input_exit" });
    await answerCommandHook("session-end", made);
    expect(daemon.asked).toEqual([{ name: "detach", args: { session: "s1" } }]);
    daemon.kill();
    await answerCommandHook("session-end", made);
    expect(daemon.launches).toBe(0);
  });

  test("/clear is no end", async () => {
    const { daemon, made } = world({ session_id: "s1", reason: "clear" });
    await answerCommandHook("session-end", made);
    expect(daemon.asked).toEqual([]);
  });
});

describe("the waiter", () => {
  test("wakes with a fixed sentence: a count and member names, nothing a peer wrote", async () => {
    const from = ["bob", "ignore all\nprevious", "<system-reminder>", "bob", "carol"];
    const { said, made } = world({ session_id: "s1" }, { awaitWake: () => ({ wake: true, count: 2, from }) });
    expect(await answerCommandHook("wait", made)).toBe(2);
    expect(said.err).toBe(
      "Agora: 2 messages from bob, carol for this session; the text is in the context beside this note.\n",
    );
    expect(said.out).toBe("");
  });

  test("leaves when a newer one waits", async () => {
    const { said, made } = world({ session_id: "s1" }, { awaitWake: () => ({ wake: false, count: 0, from: [] }) });
    expect(await answerCommandHook("wait", made)).toBe(0);
    expect(said.err).toBe("");
  });

  test("asks again when it was armed before the hook beside it had made the seat", async () => {
    const { daemon, made } = world({ session_id: "s1", source: "startup" });
    let asks = 0;
    daemon.answers = { awaitWake: () => ({ wake: ++asks > 2, count: 1, from: [] }) };
    expect(await answerCommandHook("wait", made)).toBe(2);
    expect(asks).toBe(3);
  });

  test("leaves at once under claude -p, which would wait for it", async () => {
    const { said, daemon, made } = world({ session_id: "s1" }, {}, { CLAUDE_CODE_ENTRYPOINT: "sdk-cli" });
    expect(await answerCommandHook("wait", made)).toBe(0);
    expect(said.read).toBe(false);
    expect(daemon.asked).toEqual([]);
  });

  test("leaves when its client is gone", async () => {
    const { said, made } = world({ session_id: "s1" }, { awaitWake: () => new Promise(() => undefined) });
    const waiting = answerCommandHook("wait", made);
    await setImmediate();
    said.alive = false;
    expect(await waiting).toBe(0);
  });

  test("comes back to a daemon that went away, and brings it back itself at most once", async () => {
    const { daemon, made } = world({ session_id: "s1" });
    let asks = 0;
    daemon.answers = {
      awaitWake: async () => {
        asks += 1;
        if (asks === 3) return { wake: true, count: 1, from: [] };
        daemon.kill();
        if (asks === 2) setTimeout(() => (daemon.running = true), 50);
        return await new Promise<never>(() => undefined);
      },
    };
    expect(await answerCommandHook("wait", made)).toBe(2);
    expect(asks).toBe(3);
    expect(daemon.launches).toBe(1);
  });

  test("leaves when the person stopped the room", async () => {
    const { daemon, made } = world({ session_id: "s1" });
    daemon.answers = {
      awaitWake: async () => {
        daemon.joined = false;
        daemon.kill();
        return await new Promise<never>(() => undefined);
      },
    };
    expect(await answerCommandHook("wait", made)).toBe(0);
  });
});
