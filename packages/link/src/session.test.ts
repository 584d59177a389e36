import {
  CLOSE_CODES,
  closeCode,
  DEFAULT_LIMITS,
  FIRST_STAMP,
  type FromRelay,
  jwtText,
  NO_RELAY_KEY,
  type Signer,
} from "@agora/protocol";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { backoffMs } from "./backoff.ts";
import {
  type Effect,
  type HelloIdentity,
  type SessionEvent,
  type SessionState,
  step,
  type SessionContext,
} from "./session.ts";

const signer: Signer = { key: "k".repeat(43), sign: () => "s".repeat(86) };
const identity: HelloIdentity = {
  origin: "ws://127.0.0.1:1",
  room: "lobby",
  name: "alice",
  token: "t",
  client: "test",
  signer,
  verifier: { verify: () => true, hmac: () => "p".repeat(43) },
};
const around = (chance = 0.5): SessionContext => ({
  after: FIRST_STAMP,
  facts: {},
  controls: [],
  chance,
  trust: { key: NO_RELAY_KEY },
  nonce: () => "o".repeat(24),
});

const challenge: FromRelay = { type: "challenge", nonce: "n".repeat(32), v: [1] };
const welcome: FromRelay = { type: "welcome", v: 1, relay: "r", life: "l", time: 0, limits: DEFAULT_LIMITS };
const joined: FromRelay = {
  type: "joined",
  room: "lobby",
  name: "alice",
  grant: "member",
  stamp: "1-0",
  gap: false,
  members: [],
  controls: [],
};
const stamped: FromRelay = { type: "stamped", room: "lobby", id: "0".repeat(20), stamp: "1-0" };

const event = fc.oneof<fc.Arbitrary<SessionEvent>[]>(
  fc.constantFrom<SessionEvent>(
    { type: "start" },
    { type: "opened" },
    { type: "timer" },
    { type: "stop" },
    { type: "deaf", why: "silence" },
    { type: "frame", frame: challenge },
    { type: "frame", frame: welcome },
    { type: "frame", frame: joined },
    { type: "frame", frame: stamped },
    { type: "frame", frame: { ...challenge, v: [99] } },
  ),
  fc
    .constantFrom(...Object.values(CLOSE_CODES).map((c) => c.code), 1006)
    .map((code): SessionEvent => ({ type: "closed", code, reason: "" })),
);

function walk(events: readonly SessionEvent[]): { states: SessionState[]; effects: Effect[][] } {
  const states: SessionState[] = [{ at: "idle" }];
  const effects: Effect[][] = [];
  for (const e of events) {
    const [next, todo] = step(states.at(-1)!, e, identity, around());
    states.push(next);
    effects.push([...todo]);
  }
  return { states, effects };
}

describe("the session", () => {
  test("joins by challenge, hello, welcome, join, joined [HELLO-1] [JOIN-1]", () => {
    const { states, effects } = walk([
      { type: "start" },
      { type: "opened" },
      { type: "frame", frame: challenge },
      { type: "frame", frame: welcome },
      { type: "frame", frame: joined },
    ]);
    expect(states.map((s) => s.at)).toEqual(["idle", "dialling", "greeting", "greeting", "joining", "joined"]);
    const sent = effects.flat().flatMap((e) => (e.do === "send" ? [e.frame.type] : []));
    expect(sent).toEqual(["hello", "join"]);
  });

  test("has no state that nothing leaves: a waiting timer dials, a person's start leaves the rest [CLOSE-2]", () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (events) => {
        const { states, effects } = walk(events);
        states.forEach((state, i) => {
          if (state.at === "waiting" && states[i - 1] !== state)
            expect(effects[i - 1]!.some((e) => e.do === "timer")).toBe(true);
          if (state.at === "waiting") expect(step(state, { type: "timer" }, identity, around())[0].at).toBe("dialling");
          if (state.at === "dialling" || state.at === "greeting" || state.at === "joining")
            expect(step(state, { type: "timer" }, identity, around())[0].at).toBe("waiting");
          if (state.at === "refused" || state.at === "stopped") {
            expect(step(state, { type: "timer" }, identity, around())[0]).toBe(state);
            expect(step(state, { type: "start" }, identity, around())[0].at).toBe("dialling");
          }
        });
      }),
    );
  });

  test("never sends the token before the relay's welcome, nor a frame of the room before joined", () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (events) => {
        const { states, effects } = walk(events);
        effects.forEach((todo, i) => {
          for (const effect of todo) {
            if (effect.do === "send" && effect.frame.type === "join") expect(states[i + 1]!.at).toBe("joining");
            if (effect.do === "room") expect(states[i]!.at).toBe("joined");
          }
        });
      }),
    );
  });

  test("comes back or gives up as the row of the close code says [CLOSE-1]", () => {
    for (const code of [...Object.values(CLOSE_CODES).map((c) => c.code), 1006, 4999]) {
      const [state] = step({ at: "dialling", attempt: 1 }, { type: "closed", code, reason: "" }, identity, around());
      expect(state.at).toBe(closeCode(code).retry === "never" ? "refused" : "waiting");
    }
  });
});

describe("backoff", () => {
  test("grows, is bounded and jitters", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10_000 }),
        fc.constantFrom("yes" as const, "later" as const),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (attempt, retry, chance) => {
          const ms = backoffMs(attempt, retry, chance);
          expect(ms).toBeGreaterThanOrEqual(retry === "yes" ? 125 : 15_000);
          expect(ms).toBeLessThanOrEqual(retry === "yes" ? 8_000 : 300_000);
          expect(backoffMs(attempt + 1, retry, chance)).toBeGreaterThanOrEqual(ms);
        },
      ),
    );
  });
});

test("a key that signs after a while: the hello waits for it, and one that comes too late goes nowhere", () => {
  const later: HelloIdentity = { ...identity, signer: { key: signer.key, signLater: () => Promise.resolve("") } };
  const greeting: SessionState = { at: "greeting", attempt: 1, peer: undefined };
  const [still, [effect]] = step(greeting, { type: "frame", frame: challenge }, later, around());
  expect(still.at).toBe("greeting");
  if (effect?.do !== "sign") throw new Error("nothing is to be signed");
  expect(effect.text).toContain(challenge.type === "challenge" ? challenge.nonce : "");
  const signed: SessionEvent = { type: "signed", hello: { ...effect.hello, sig: "s".repeat(86) } };
  expect(step(still, signed, later, around())).toEqual([still, [{ do: "send", frame: signed.hello }]]);
  expect(step({ at: "stopped" }, signed, later, around())).toEqual([{ at: "stopped" }, []]);
});

describe("a ticket for the lobby", () => {
  const jwt = (claims: object): string => `${jwtText(claims)}.${"A".repeat(86)}`;
  const grant = jwt({ grant: "lobby" });
  const guest = { ...identity, token: `${grant}~${"S".repeat(43)}` };
  const answered = (told: FromRelay): ReturnType<typeof step> => {
    let [state, effects]: ReturnType<typeof step> = [{ at: "idle" }, []];
    for (const one of [
      { type: "start" },
      { type: "opened" },
      ...[challenge, told].map((frame) => ({ type: "frame", frame })),
    ])
      [state, effects] = step(state, one as SessionEvent, guest, around());
    return [state, effects];
  };

  test("is shown without its secret, with nothing of who shows it [LOBBY-2]", () => {
    const [, effects] = answered({ ...welcome, features: ["lobby"] });
    expect(effects).toContainEqual({ do: "send", frame: { type: "join", room: "lobby", token: grant, knock: true } });
  });

  test("is shown to no relay of before, and its person is told why", () => {
    const [state, effects] = answered(welcome);
    expect(state).toMatchObject({
      at: "refused",
      why: { sentence: expect.stringContaining("older than invites") as unknown },
    });
    expect(effects.filter((effect) => effect.do === "send")).toEqual([]);
  });
});
