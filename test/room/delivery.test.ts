// What two rooms do with messages over a real relay: delivery states, absence, crashes of either side and of the relay.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { say } from "../../packages/member/src/messages/say.ts";
import type { Line } from "@agora/ipc";
import { history } from "./read-history.ts";
import type { Relay } from "@agora/relay";
import { type Member, makePlace, must, openRelay, type Place, until } from "./fixture.ts";

let relay: Relay;
let alice: Place;
let bob: Place;

beforeEach(async () => {
  relay = await openRelay();
  alice = makePlace("alice");
  bob = makePlace("bob");
});
afterEach(async () => {
  await relay.close();
  alice.remove();
  bob.remove();
});

const online = (member: Member, name: string): Promise<true> =>
  until(`${name} is here`, () => member.room.members.isHere(name) || undefined);
const texts = (member: Member): string[] => must(history(member.room, { limit: 1000 })).lines.map((l) => l.text);
const stateAt = (member: Member, id: string, name: string): string | undefined =>
  member.store.state.outbox[id]?.recipients[name]?.state;
const tell = (member: Member, to: string[], text: string, more = {}) =>
  say(member.room, { via: "cli", text, to, ...more }, undefined);

describe("a directed message", () => {
  test("is stored at the recipient alone, and its author learns so [RECEIPT-1]", async () => {
    await using a = await alice.open(relay.port);
    await using b = await bob.open(relay.port);
    const carol = makePlace("carol");
    await using c = await carol.open(relay.port);
    await Promise.all([online(a, "bob"), online(a, "carol"), online(b, "alice")]);
    const said = must(await tell(a, ["bob"], 'it\'s "$(x)" `y` 🎉\nsecond line'));
    expect(said.state).toBe("relayed");
    await until("stored", () => stateAt(a, said.id, "bob") === "stored");
    expect(texts(b)).toEqual(['it\'s "$(x)" `y` 🎉\nsecond line']);
    expect(Object.keys(b.store.state.inbox)).toEqual([said.id]);
    expect(texts(c)).toEqual([]);
    carol.remove();
  });

  test("to somebody away waits and comes when they are back, once", async () => {
    await using a = await alice.open(relay.port);
    {
      await using b = await bob.open(relay.port);
      await online(a, "bob");
      void b;
    }
    await until("bob is away", () => !a.room.members.isHere("bob"));
    const said = must(await tell(a, ["bob"], "when you are back"));
    expect(said.deliveries).toMatchObject([{ member: "bob", state: "queued" }]);
    expect(said.notes[0]).toContain("away");
    await using b = await bob.open(relay.port);
    await until("stored", () => stateAt(a, said.id, "bob") === "stored");
    expect(texts(b)).toEqual(["when you are back"]);
  });

  test("to a stranger is refused with the nearest name", async () => {
    await using a = await alice.open(relay.port);
    await using b = await bob.open(relay.port);
    await online(a, "bob");
    expect(await tell(a, ["bobb"], "hi")).toMatchObject({
      ok: false,
      code: "unknown-recipient",
      message: expect.stringContaining("@bob?"),
    });
    void b;
  });
});

describe("nothing is lost, nothing comes twice", () => {
  test("when the relay dies in between", async () => {
    await using a = await alice.open(relay.port);
    await using b = await bob.open(relay.port);
    await online(a, "bob");
    must(await tell(a, [], "before"));
    const { port } = relay;
    await relay.close();
    const queued = must(await tell(a, ["bob"], "while it was away"));
    expect(queued.state).toBe("queued");
    relay = await openRelay(port);
    await until("stored", () => stateAt(a, queued.id, "bob") === "stored");
    expect(texts(b)).toEqual(["before", "while it was away"]);
  });

  test("when the author dies right after it said something, and when the recipient dies after it stored", async () => {
    const a = await alice.open(relay.port);
    const b = await bob.open(relay.port);
    await online(a, "bob");
    const first = must(await tell(a, ["bob"], "one"));
    await until("stored", () => stateAt(a, first.id, "bob") === "stored");
    a.crash();
    b.crash();
    await using a2 = await alice.open(relay.port);
    await using b2 = await bob.open(relay.port);
    await Promise.all([online(a2, "bob"), online(b2, "alice")]);
    const second = must(await tell(a2, ["bob"], "two"));
    await until("stored", () => stateAt(a2, second.id, "bob") === "stored");
    expect(texts(b2)).toEqual(["one", "two"]);
    expect(texts(a2)).toEqual(["one", "two"]);
  });

  test("when the history's last line was torn", async () => {
    const b = await bob.open(relay.port);
    await using a = await alice.open(relay.port);
    await online(a, "bob");
    must(await tell(a, [], "whole"));
    const last = must(await tell(a, ["bob"], "torn"));
    await until("stored", () => stateAt(a, last.id, "bob") === "stored");
    b.crash();
    const path = join(bob.dir, "project", ".agora", "history.jsonl");
    writeFileSync(path, readFileSync(path, "utf8").slice(0, -20));
    await using b2 = await bob.open(relay.port);
    await until("delivered again from the relay's ring", () => texts(b2).includes("torn"));
    expect(texts(b2)).toEqual(["whole", "torn"]);
  });
});

test("what was kept and never reached the inbox, because the power failed in between, reaches it at the next start", async () => {
  await using a = await alice.open(relay.port);
  const b = await bob.open(relay.port);
  await online(a, "bob");
  const said = must(await tell(a, ["bob"], "kept"));
  await until("stored", () => stateAt(a, said.id, "bob") === "stored");
  b.crash();
  const inbox = join(bob.dir, "project", ".agora", "inbox.jsonl");
  const lines = readFileSync(inbox, "utf8").split("\n");
  writeFileSync(inbox, lines.filter((line) => !line.includes(said.id)).join("\n"));
  await using b2 = await bob.open(relay.port);
  expect(Object.keys(b2.store.state.inbox)).toEqual([said.id]);
  expect(texts(b2)).toEqual(["kept"]);
});

describe("a file", () => {
  test("goes over with its hash, into a name of ours", async () => {
    await using a = await alice.open(relay.port);
    await using b = await bob.open(relay.port);
    await online(a, "bob");
    const bytes = Buffer.alloc(3_000_000, "agora");
    writeFileSync(join(alice.dir, "project", "CLAUDE.md"), bytes);
    const said = must(await tell(a, ["bob"], "here", { file: "CLAUDE.md" }));
    const state = await until(
      "stored",
      () => b.room.files.stateOf(said.id)?.state === "stored" && b.room.files.stateOf(said.id),
    );
    expect(state.path).toMatch(/^\.agora\/files\/[0-9a-f]{8}-CLAUDE\.md$/);
    expect(readFileSync(join(bob.dir, "project", state.path!)).equals(bytes)).toBe(true);
  });
});

describe("the history", () => {
  test("is searched to its beginning, exactly, with quotes and line breaks", async () => {
    await using a = await alice.open(relay.port);
    for (const text of ['it\'s "here"', "line one\nline two", "elsewhere", "Here"]) must(await tell(a, [], text));
    const found = (search: string): string[] => must(history(a.room, { limit: 50, search })).lines.map((l) => l.text);
    expect(found('"here')).toEqual(['it\'s "here"']);
    expect(found("one\nline")).toEqual(["line one\nline two"]);
    expect(found("here")).toEqual(['it\'s "here"', "elsewhere"]);
    // Field names and signatures are no text.
    expect(found("author")).toEqual([]);
  });

  test("is the same whether it is searched or read, by thread, by name and before a line", async () => {
    await using a = await alice.open(relay.port);
    await using b = await bob.open(relay.port);
    await Promise.all([online(a, "bob"), online(b, "alice")]);
    const { thread } = must(await tell(a, ["bob"], "a question"));
    await until("bob has it", () => texts(b).includes("a question"));
    for (const text of ["@bob is a name", "and more"]) must(await tell(a, [], text));
    const answered = must(await say(b.room, { via: "cli", text: "an answer", to: [], thread }, undefined));
    const last = must(await tell(b, [], "to all"));
    await until("alice has all", () => texts(a).includes("to all"));
    // Another life of the relay gave it a place behind all others.
    const key = b.room.myKey;
    a.store.keep({ restamp: answered.id, key, stamp: `${Date.now() + 60_000}-0`, at: Date.now() });
    const isOf: Record<string, (line: Line) => boolean> = {
      thread: (line) => line.thread === thread,
      bob: ({ author, to }) => author === "bob" || to.some(({ member }) => member === "bob"),
      nobody: () => false,
    };
    const asked = [
      { of: "thread", what: { thread } },
      { of: "thread", what: { thread: thread.slice(0, 12) } },
      { of: "bob", what: { with: "bob" } },
      { of: "bob", what: { with: "@bob" } },
      { of: "nobody", what: { with: "nobody" } },
    ];
    const places = new Map(
      [...a.store.history.from(0)].map(({ position, value }) => ["id" in value ? value.id : "", position]),
    );
    const all = must(history(a.room, { limit: 1_000 })).lines;
    let lines = 0;
    for (const { of, what } of asked)
      for (const limit of [1, 50])
        for (const id of [undefined, last.id, answered.id]) {
          const found = must(history(a.room, { ...what, limit, ...(id === undefined ? {} : { before: id }) })).lines;
          const place = (line: Line): number => places.get(line.id)!;
          const newest = all
            .filter((line) => isOf[of]!(line) && (id === undefined || place(line) < places.get(id)!))
            .toSorted((x, y) => place(y) - place(x))
            .slice(0, limit);
          const ids = all.filter((line) => newest.includes(line)).map((line) => line.id);
          expect({ what, limit, id, found: found.map((line) => line.id) }).toEqual({ what, limit, id, found: ids });
          lines += found.length;
        }
    expect(lines).toBeGreaterThan(20);
  });
});
