import { manualClock, memoryDial, memoryLog } from "@agora/ports/testing";
import { DEFAULT_LIMITS, encode, HEARTBEAT_MS, NO_RELAY_KEY } from "@agora/protocol";
import { expect, test } from "vitest";
import { createLink, type Link } from "./link.ts";
import { memoryRelayPins } from "./relay-trust.ts";
import { createPace } from "./pace.ts";

function setUp(more: { readonly timersMayLag?: boolean; readonly asked?: () => void } = {}): {
  link: Link;
  clock: ReturnType<typeof manualClock>;
  dialled: ReturnType<typeof memoryDial>["dialled"];
  states: string[];
  join: () => void;
} {
  const clock = manualClock();
  const { dial, dialled } = memoryDial();
  const states: string[] = [];
  const link = createLink({
    url: "ws://x",
    identity: {
      origin: "ws://x",
      room: "lobby",
      name: "alice",
      token: "t",
      client: "c",
      signer: { key: "k".repeat(43), sign: () => "s".repeat(86) },
      verifier: { verify: () => true, hmac: () => "p".repeat(43) },
    },
    relayPins: memoryRelayPins({ key: NO_RELAY_KEY }),
    ...more,
    dial,
    // A page that nobody looks at: its timers run once a minute.
    clock: more.timersMayLag === true ? { ...clock, every: (_, fn) => clock.every(60_000, fn) } : clock,
    log: memoryLog(),
    random: () => 0.5,
    around: () => {
      more.asked?.();
      return { after: "1-0", facts: { status: "here" }, controls: [] };
    },
    events: {
      joined: () => undefined,
      room: () => undefined,
      chunk: () => undefined,
      state: (s) => void states.push(s.at),
    },
  });
  const join = (): void => {
    const far = dialled.at(-1)!;
    far.open();
    far.give(encode({ type: "challenge", nonce: "n".repeat(32), v: [1] }));
    far.give(encode({ type: "welcome", v: 1, relay: "r", life: "l", time: 0, limits: DEFAULT_LIMITS }));
    far.give(
      encode({
        type: "joined",
        room: "lobby",
        name: "alice",
        grant: "member",
        stamp: "1-0",
        gap: false,
        members: [],
        controls: [],
      }),
    );
  };
  return { link, clock, dialled, states, join };
}

test("comes back after a loss, endlessly, and after silence [LIVE-2]", () => {
  const { link, clock, dialled, states, join } = setUp();
  link.start();
  join();
  for (let n = 0; n < 50; n += 1) {
    dialled.at(-1)!.end(1006);
    clock.advance(10_000);
  }
  expect(dialled.length).toBeGreaterThan(50);
  join();
  expect(states.at(-1)).toBe("joined");
  clock.advance(HEARTBEAT_MS * 2 + 20_000);
  expect(states.at(-1)).not.toBe("joined");
  link.stop();
  const before = dialled.length;
  clock.advance(600_000);
  expect(dialled.length).toBe(before);
});

test("what a join tells is asked for at the join, not at each frame of the room", () => {
  let asked = 0;
  const { link, dialled, states, join } = setUp({ asked: () => (asked += 1) });
  link.start();
  join();
  const far = dialled.at(-1)!;
  const before = asked;
  for (let n = 0; n < 10; n += 1) far.give(encode({ type: "presence", room: "lobby", members: [] }));
  expect(asked).toBe(before);
  expect(far.sent.map((text) => JSON.parse(String(text)) as { type: string })).toContainEqual(
    expect.objectContaining({ type: "join", after: "1-0", facts: { status: "here" } }),
  );
  expect(states.at(-1)).toBe("joined");
  link.again();
  expect(states.at(-1)).toBe("waiting");
  link.again();
  expect(states.at(-1)).toBe("waiting");
  link.stop();
});

test("a half-open connection shows within 25 s: it asks when nothing is heard, and a quiet one that answers is kept", () => {
  const { link, clock, dialled, states, join } = setUp();
  link.start();
  join();
  const far = dialled.at(-1)!;
  let asked = 0;
  far.onPing = () => {
    asked += 1;
    far.alive();
  };
  clock.advance(120_000);
  expect(states.at(-1)).toBe("joined");
  expect(asked).toBeGreaterThan(5);
  far.onPing = () => undefined;
  clock.advance(25_000);
  expect(states.at(-1)).not.toBe("joined");
  link.stop();
});

test("a clock that jumps as after sleep makes it dial anew; frames of the old connection are not heard", () => {
  const { link, clock, dialled, states, join } = setUp();
  link.start();
  join();
  clock.jump(3_600_000);
  clock.advance(10_000);
  expect(dialled.length).toBe(2);
  join();
  dialled[0]!.end(1000);
  expect(states.at(-1)).toBe("joined");
});

test("the pace gives the burst, then the rate, and obeys the relay's word", () => {
  let now = 0;
  const pace = createPace({ agent: { burst: 3, perSecond: 2 }, user: { burst: 0, perSecond: 0 } }, () => now);
  expect([pace.take("agent"), pace.take("agent"), pace.take("agent")]).toEqual([0, 0, 0]);
  expect(pace.take("agent")).toBe(500);
  now = 500;
  expect(pace.take("agent")).toBe(0);
  pace.hold("agent", 2_000);
  expect(pace.take("agent")).toBe(2_000);
  expect(pace.take("user")).toBe(0);
});

test("where timers may come late, a relay that answers is not given up for that", () => {
  const { link, clock, dialled, states, join } = setUp({ timersMayLag: true });
  link.start();
  join();
  const far = dialled.at(-1)!;
  let asked = 0;
  far.onPing = () => {
    asked += 1;
    far.alive();
  };
  clock.advance(5 * 60_000);
  expect(asked).toBe(5);
  expect(states.at(-1)).toBe("joined");
  far.onPing = () => undefined;
  clock.advance(2 * 60_000);
  expect(states.at(-1)).not.toBe("joined");
});
