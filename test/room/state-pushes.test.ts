// The state as it is pushed to whoever watches it: everything at first, later what changed, and in sum what would be answered.
import type { Push, Snapshot } from "@agora/ipc/messages";
import { requestsThat, rowOf, takes } from "@agora/ipc/requests";
import { createHandlers, type Room } from "@agora/member";
import { expect, test } from "vitest";
import { ipcSession, makePlace, must, openRelay, request, until } from "./fixture.ts";

const PARTS = requestsThat(({ shown }) => shown !== undefined);

/** What the pushes to a session add up to. */
const pushed = (session: { readonly pushes: readonly unknown[] }): Snapshot => {
  const states = (session.pushes as Push[]).filter((push) => push.push === "state");
  const parts = states.flatMap((state) => Object.entries(state).filter(([name]) => name !== "push"));
  return Object.fromEntries(parts) as Snapshot;
};

/** What would be answered now. */
async function asked(room: Room): Promise<Record<string, unknown>> {
  const now: Record<string, unknown> = {};
  const handlers = createHandlers({
    room: () => Promise.resolve(room),
    version: "test",
    startedAt: 0,
    leave: () => Promise.resolve(),
  });
  for (const name of PARTS) {
    const row = rowOf(name);
    const args = { ...row.shown, ...(takes(row, "via") ? { via: "console" } : {}) };
    const handler = handlers[name] as (args: object, session: unknown) => ReturnType<(typeof handlers)["who"]>;
    now[name] = must(await handler(args, ipcSession("asks")));
  }
  return now;
}

function watch(room: Room) {
  const handlers = createHandlers({
    room: () => Promise.resolve(room),
    version: "test",
    startedAt: 0,
    leave: () => Promise.resolve(),
  });
  return async (id: string) => {
    const session = ipcSession(id);
    must(await handlers.watchState({ via: "console" }, session));
    return session;
  };
}

test("whoever watches is told everything at first, then what changes, and all of it again after a reconnect", async () => {
  const relay = await openRelay();
  const [a, b] = [makePlace("alice"), makePlace("bob")];
  const alice = await a.open(relay.port);
  let bob = await b.open(relay.port);
  try {
    const watching = watch(alice.room);
    const page = await watching("page");
    expect(page.pushes).toHaveLength(1);
    expect(Object.keys(pushed(page)).sort()).toEqual([...PARTS].sort());
    const agrees = (what: string) =>
      until(`the page knows ${what}`, async () => {
        const now = await asked(alice.room);
        return comparable(pushed(page)) === comparable(now);
      });

    await until("both are here", () => alice.room.members.isHere("bob") && bob.room.members.isHere("alice"));
    await agrees("who is here");
    bob.room.doing.set("the parser");
    await until("bob's word is here", () => alice.room.members.get("bob")?.facts?.status === "the parser");
    await agrees("what bob is busy with");
    must(await request(bob, "say", { via: "cli", to: ["alice"], text: "can you look?" }));
    await until("it waits", () => Object.keys(alice.store.state.inbox).length === 1);
    await agrees("what waits");
    must(
      await request(bob, "ask", {
        via: "cli",
        to: ["alice"],
        text: "left or right?",
        choices: [{ label: "left" }, { label: "right" }],
      }),
    );
    await until("it is asked", () => Object.keys(alice.store.state.questions.asked).length === 1);
    await agrees("the question");
    must(await request(alice, "channel", { via: "cli", act: "join", channel: "build" }));
    await agrees("the channel");
    must(await request(alice, "mode", { via: "cli", mode: "auto" }));
    await agrees("the mode");
    const seat = ipcSession("seat");
    alice.room.seats.attach(seat, "claude", "s1");
    await agrees("the session");
    seat.end();
    alice.room.notices.set("test", "Something is to be known.");
    await agrees("the notice");
    must(await request(alice, "reject", { via: "cli", thread: "last" }));
    await agrees("what waits no more");

    await bob[Symbol.asyncDispose]();
    await until("bob is away", () => !alice.room.members.isHere("bob"));
    await agrees("that bob is away");
    bob = await b.open(relay.port);
    await agrees("that bob is back");

    page.end();
    const before = page.pushes.length;
    const again = await watching("again");
    expect(Object.keys(pushed(again)).sort()).toEqual([...PARTS].sort());
    await relay.close();
    await until("the relay is away", () => alice.room.connection().state !== "joined");
    await until("the page knows", () => pushed(again).who?.connection.state === "connecting");
    expect(page.pushes).toHaveLength(before);
  } finally {
    await alice[Symbol.asyncDispose]();
    await bob[Symbol.asyncDispose]();
    await relay.close();
    for (const place of [a, b]) place.remove();
  }
});

test("a change is pushed alone, and once for all who watch", async () => {
  const relay = await openRelay();
  const a = makePlace("alice");
  const alice = await a.open(relay.port);
  try {
    await until("she is in", () => alice.room.connection().state === "joined");
    const watching = watch(alice.room);
    const [one, two] = [await watching("one"), await watching("two")];
    await until("nothing is on its way", async () => {
      const now = comparable(await asked(alice.room));
      return [one, two].every((page) => comparable(pushed(page)) === now);
    });
    const known = one.pushes.length;
    must(await request(alice, "channel", { via: "cli", act: "join", channel: "build" }));
    await until("both know", () => [one, two].every((page) => pushed(page).channels?.channels[0]?.joined === true));
    const news = (one.pushes as Push[]).slice(known).flatMap((push) => Object.keys(push));
    expect(news).toContain("channels");
    expect(news).not.toContain("whoami");
    expect(news).not.toContain("questions");
  } finally {
    await alice[Symbol.asyncDispose]();
    await relay.close();
    a.remove();
  }
});

test("it is for people: an agent is told to ask", async () => {
  const relay = await openRelay();
  const a = makePlace("alice");
  const alice = await a.open(relay.port);
  try {
    expect(await request(alice, "watchState", { via: "tool" })).toMatchObject({ code: "not-allowed" });
  } finally {
    await alice[Symbol.asyncDispose]();
    await relay.close();
    a.remove();
  }
});

/** As text, whatever the order of the parts; without what is left of a time, which is other at each moment. */
function comparable(parts: object): string {
  const sorted = Object.entries(parts).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(sorted, (key, value: unknown) => (key === "leftMs" ? undefined : value));
}

test("a large part that changes with every message is pushed now and then, and in the end as it is", async () => {
  const relay = await openRelay();
  const [a, b] = [makePlace("alice"), makePlace("bob")];
  const alice = await a.open(relay.port);
  const bob = await b.open(relay.port);
  try {
    await until("both are here", () => alice.room.members.isHere("bob") && bob.room.members.isHere("alice"));
    const began = performance.now();
    const page = await watch(alice.room)("page");
    const timesOf = (part: string): number => (page.pushes as object[]).filter((push) => part in push).length;
    const said = 12;
    for (let n = 0; n < said; n += 1) {
      must(await request(bob, "say", { via: "cli", to: ["alice"], text: `line ${n}` }));
      await until("it waits", () => pushed(page).inbox?.items.length === n + 1);
    }
    await until("the last is counted", () => pushed(page).activity?.room.messages.d1 === said);
    const seconds = (performance.now() - began) / 1_000;
    expect(timesOf("activity")).toBeLessThanOrEqual(seconds + 2);
  } finally {
    await alice[Symbol.asyncDispose]();
    await bob[Symbol.asyncDispose]();
    await relay.close();
    a.remove();
    b.remove();
  }
});
