// Who may control a room, and what counts when two do: operators by the owner's grant, by another's, and by the relay's own tokens.
import { describe, expect, test } from "vitest";
import { grant } from "../../packages/member/src/controls/appoint.ts";
import { inbox } from "../../packages/member/src/messages/inbox.ts";
import { type Member, must, openRelay, request, TOKEN, until, wrongClock } from "./fixture.ts";
import { relay, open, pair, act, tell, relayIs, useOperatedRoom } from "./operated-room.ts";

useOperatedRoom();

describe("two operators", () => {
  const HOUR_MS = 3_600_000;
  for (const [what, ms] of [
    ["two minutes behind", -120_000],
    ["a day behind", -24 * HOUR_MS],
    ["an hour ahead", HOUR_MS],
  ] as const)
    test(`one with a clock that is ${what}: what is decided later holds, whoever decides it [CONTROL-15]`, async () => {
      const olga = await open(0);
      const bob = await open(1, {}, { clock: wrongClock(() => ms) });
      const carol = await open(2);
      await until("all are here", () =>
        [olga, bob, carol].every((m) => ["olga", "bob", "carol"].every((name) => m.room.members.isHere(name))),
      );
      must(await grant(olga.room, { via: "cli", member: "bob" }));
      await until("bob is an operator", () => bob.room.controls.mayControl());
      const members = { member: "carol" };
      const rate = { rate: { burst: 2, perSecond: 1 } };
      for (const [act1, act2, more, more2] of [
        ["pause", "resume", {}, {}],
        ["stop", "reset", {}, {}],
        ["pause", "resume", members, members],
        ["rates", "rates", rate, {}],
        ["rates", "rates", { ...members, ...rate }, members],
      ] as const)
        for (const [first, second] of [
          [olga, bob],
          [bob, olga],
        ] as const) {
          const held = (m: Member) => m.room.controls.state();
          const isHeld = (m: Member): boolean =>
            held(m).paused !== undefined ||
            held(m).stopped !== undefined ||
            held(m).rate !== undefined ||
            held(m).members.length > 0;
          must(await act(first, act1, more));
          await until(`${act1} is heard`, () => [olga, bob, carol].every(isHeld));
          must(await act(second, act2, more2));
          await until(`${act2} holds`, () => ![olga, bob, carol].some(isHeld));
          expect(must(await tell(carol, [], `after ${act1} and ${act2}`)).state).toBe("relayed");
        }
    });

  test("in one moment: the one whose word does not hold is told so [CONTROL-16]", async () => {
    const olga = await open(0);
    const bob = await open(1);
    await until("both are here", () => olga.room.members.isHere("bob") && bob.room.members.isHere("olga"));
    must(await grant(olga.room, { via: "cli", member: "bob" }));
    await until("bob is an operator", () => bob.room.controls.mayControl());
    for (let round = 0; round < 10; round += 1) {
      const [paused, resumed] = await Promise.all([act(olga, "pause"), act(bob, "resume")]);
      const later = paused.ok && resumed.ok ? undefined : paused.ok ? "pause" : undefined;
      const state = await until("both know the same", () => {
        const [a, b] = [olga, bob].map((m) => m.room.controls.state().paused?.by);
        return a === b ? { by: a } : undefined;
      });
      // At least one holds; who was told that it does not, does not.
      expect(paused.ok || resumed.ok).toBe(true);
      if (!paused.ok) expect(paused.message).toContain("@bob");
      if (!resumed.ok) expect([resumed.message.includes("@olga"), state.by]).toEqual([true, "olga"]);
      if (later === "pause") expect(state.by).toBe("olga");
      must(await act(olga, "resume"));
      await until("over", () => [olga, bob].every((m) => m.room.controls.state().paused === undefined));
    }
  });
});

describe("who may", () => {
  test("only an operator's person controls; the owner makes another member one, by its key [GRANT-8]", async () => {
    const [olga, bob] = await pair();
    for (const via of ["tool", "shell"] as const)
      expect(await request(olga, "control", { via, act: "pause" })).toMatchObject({ ok: false, code: "not-allowed" });
    expect(await act(bob, "pause")).toMatchObject({ ok: false, code: "not-allowed" });
    expect(await grant(bob.room, { via: "cli", member: "olga" })).toMatchObject({ ok: false, code: "not-allowed" });
    expect(await request(olga, "grant", { via: "tool", member: "bob" })).toMatchObject({
      ok: false,
      code: "not-allowed",
    });
    const given = must(await grant(olga.room, { via: "cli", member: "bob" }));
    expect(given).toMatchObject({ name: "bob", key: bob.room.myKey });
    await until("bob has it", () => bob.room.controls.mayControl());
    expect(bob.store.state.inbox).toEqual({});
    must(await act(bob, "stop"));
    await until("olga heard", () => olga.room.controls.brake()?.act === "stop");
    await until("the relay says so", () => olga.room.members.get("bob")?.grant === "operator");
    must(await act(bob, "reset"));
    bob.crash();
    const again = await open(1);
    await until("an operator from the start", () => again.room.grant() === "operator");
  });

  test("with the relay's own tokens: an operator whose grant the relay's key signs, an observer who only sees [GRANT-6]", async () => {
    await relay.close();
    relayIs(await openRelay(0, 2_000, undefined, { operatorToken: "the-operators", observerToken: "the-observers" }));
    const plain = { root: undefined } as object;
    const bob = await open(1, { token: "the-operators", ...plain });
    const carol = await open(2, { token: "the-observers", ...plain });
    const olga = await open(0, { token: TOKEN, ...plain }, { owns: false });
    await until(
      "all are here",
      () => bob.room.members.online().length === 3 && carol.room.members.online().length === 3,
    );
    expect([bob.room.grant(), carol.room.grant(), olga.room.grant()]).toEqual(["operator", "observer", "member"]);
    expect(await act(olga, "stop")).toMatchObject({ ok: false });
    expect(await act(carol, "stop")).toMatchObject({ ok: false });
    expect(await tell(carol, [], "hello")).toMatchObject({ ok: false, code: "not-allowed" });
    must(await tell(olga, [], "seen by all"));
    await until("carol sees", () => carol.store.state.ordinal === 1);
    must(await act(bob, "stop"));
    for (const member of [olga, carol]) await until("stopped", () => member.room.controls.brake()?.act === "stop");
    expect(inbox(olga.room, { via: "cli" }).items).toEqual([]);
    // An ordinary grant: what was decided with it outlives the relay.
    const { port } = relay;
    await relay.close();
    relayIs(await openRelay(port, 2_000, undefined, { operatorToken: "the-operators" }));
    await until("olga is back", () => olga.room.connection().state === "joined");
    expect(await tell(olga, [], "is it over?")).toMatchObject({ ok: false });
    must(await act(bob, "reset"));
    await until("reset", () => olga.room.controls.brake() === undefined);
  });
});
