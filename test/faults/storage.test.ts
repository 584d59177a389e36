// The project's folder on bad days: two writers, a folder that was copied or moved, and a bound on what is kept.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, utimesSync } from "node:fs";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { createInterface } from "node:readline";
import { join } from "node:path";
import type { AnswerData } from "@agora/commands";
import { claimFolder, openFolderAt, openStore } from "@agora/daemon";
import type { Retention, Store } from "@agora/member";
import { createSigner, createVerifier, generateKeyPair, silentLog, systemClock } from "@agora/ports";
import { type Address, signEvent, TEXT } from "@agora/protocol";
import { isRestamp, toRecord } from "@agora/member";
import { afterAll, describe, expect, test } from "vitest";
import { createEventFactory } from "../../packages/member/src/kernel/event-factory.ts";
import { type Person, Town, until } from "../test-users.ts";
import { must } from "../room/fixture.ts";

type History = AnswerData["history"];

const root = mkdtempSync(join(tmpdir(), "agora-storage-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const MARK = { origin: "ws://127.0.0.1:1", room: "lobby", name: "alice" };
const verifier = createVerifier();
const bob = createSigner(generateKeyPair());

function openAt(path: string, keep: Retention = {}): Store {
  mkdirSync(path, { recursive: true });
  const folder = must(openFolderAt(join(path, ".agora")));
  const { mark } = must(claimFolder(folder, MARK, Date.now()));
  return must(openStore({ folder, mark, clock: systemClock, log: silentLog, keep }));
}

/** What Bob says to the room, `count` times, in lines of about `bytes`. */
function fill(store: Store, count: number, bytes: number): void {
  const base = store.state.ordinal;
  for (let n = base + 1; n <= base + count; n += 1) {
    const id = `b${String(n).padStart(19, "0")}`;
    const draft = {
      id,
      room: "lobby",
      author: "bob",
      role: "user",
      kind: "message",
      to: [],
      thread: id,
      chain: id,
    } as const;
    const event = signEvent({ ...draft, to: [], hop: 0, seq: n, time: n }, "x".repeat(bytes), TEXT, bob, verifier);
    must(store.keep(toRecord(event, `${1_700_000_000_000 + n}-0`, n), event.head));
  }
}

const segments = (path: string): readonly string[] =>
  readdirSync(join(path, ".agora")).filter((file) => file.startsWith("history"));

describe("what is kept", () => {
  test("all of it, when nobody says otherwise", () => {
    const path = join(root, "all");
    const store = openAt(path);
    fill(store, 60, 500_000);
    store.close();
    expect(segments(path).length).toBeGreaterThan(3);
    const again = openAt(path);
    expect([...again.history.from(0)].length).toBe(60);
    again.close();
  });

  test("by size: whole old segments go, marks and numbers stay, positions hold", () => {
    const path = join(root, "size");
    const first = openAt(path);
    fill(first, 60, 500_000);
    const { marks, ordinal } = structuredClone(first.state);
    const { end } = first.history;
    first.close();
    const second = openAt(path, { maxBytes: 10_000_000 });
    second.checkpoint();
    second.close();
    const third = openAt(path);
    expect(third.state.marks).toEqual(marks);
    expect(third.state.ordinal).toBe(ordinal);
    expect(third.history.end).toBe(end);
    const kept = [...third.history.from(0)];
    expect(kept.length).toBeLessThan(60);
    expect(kept.length * 500_000).toBeGreaterThanOrEqual(10_000_000);
    const newest = kept.at(-1)!;
    expect(third.at(newest.position)).toEqual(newest.value);
    expect(third.at(0)).toBeUndefined();
    third.close();
  });

  test("by age, but nothing that still waits in the inbox", () => {
    const path = join(root, "age");
    const first = openAt(path);
    fill(first, 60, 500_000);
    const oldest = [...first.history.from(0)][0]!;
    if (isRestamp(oldest.value)) throw new Error("an event is expected");
    const { id, thread, author } = oldest.value;
    const item = {
      id,
      thread,
      from: author,
      role: "user",
      at: 1,
      hop: 0,
      chain: id,
      position: oldest.position,
    } as const;
    must(first.in({ op: "add", item: { ...item, state: "open" } }));
    first.close();
    for (const file of segments(path)) utimesSync(join(path, ".agora", file), 1_000, 1_000);
    const second = openAt(path, { maxAgeMs: 24 * 3_600_000 });
    second.checkpoint();
    expect([...second.history.from(0)].length).toBe(60);
    must(second.in({ op: "close", at: 2, id, how: "read" }));
    second.checkpoint();
    expect([...second.history.from(0)].length).toBeLessThan(60);
    second.close();
  });
});

describe("one writer", () => {
  test("a second home on the same folder is refused with one sentence that says what to do", async () => {
    await using town = new Town();
    const relay = await town.relay();
    const alice = town.person("alice", relay);
    const other = town.person("other", relay, { project: "alice", home: join(town.folder, "second.home") });
    expect((await alice.start()).code).toBe(0);
    const refused = await other.start();
    expect(refused.code).toBe(1);
    expect(refused.err).toMatch(/Another Agora home already keeps this project's room/);
    // What the first one keeps is its own, whether it runs or not; a folder that it gave up is free.
    await alice.type(["stop"]);
    expect((await other.start()).err).toBe(refused.err);
    rmSync(join(alice.project, ".agora", "folder.json"));
    expect((await other.start()).code).toBe(0);
  });

  test("the lock holds over pid namespaces and paths, and is free once its holder is dead", async (context) => {
    const dir = mkdtempSync(join(root, "writer-"));
    const words = [join(import.meta.dirname, "lock-main.ts"), join(dir, "home"), dir];
    const elsewhere = ["-r", "-p", "-f", "--mount-proc", process.execPath, ...words];
    if (spawnSync("unshare", ["-r", "-p", "-f", "true"]).status !== 0) return context.skip("needs namespaces");
    const holder = spawn(process.execPath, words, { stdio: ["pipe", "pipe", "inherit"] });
    const word = async (child: ChildProcess): Promise<string> =>
      (await once(createInterface(child.stdout!), "line"))[0] as string;
    expect(await word(holder)).toBe("ok");
    const other = spawn("unshare", elsewhere, { stdio: ["pipe", "pipe", "inherit"] });
    expect(await word(other)).toBe("in-use");
    other.stdin.end();
    const dead = once(holder, "close");
    holder.kill("SIGKILL");
    await dead;
    const next = spawn("unshare", elsewhere, { stdio: ["pipe", "pipe", "inherit"] });
    expect(await word(next)).toBe("ok");
    next.stdin.end();
    await once(next, "close");
  });

  test("a holder that was killed is no obstacle", async () => {
    await using town = new Town();
    const alice = town.person("alice", await town.relay());
    expect((await alice.start()).code).toBe(0);
    const { daemon } = await alice.ask<AnswerData["status"]>(["status"]);
    process.kill(daemon.pid, "SIGKILL");
    expect((await alice.ask<{ id: string }>(["say", "still here"])).id).toBeTruthy();
  });
});

describe("a copy of the folder", () => {
  const own = createSigner(generateKeyPair());
  const say = (store: Store, text: string): number => {
    const options = { store, signer: own, verifier, me: "alice", room: "lobby", clock: systemClock };
    const persons = { addressed: (address: Address) => address };
    const event = createEventFactory({ ...options, persons }).make({
      role: "user",
      kind: "message",
      to: [],
      body: text,
      media: TEXT,
    });
    must(store.keep(toRecord(event, `1700000000000-${event.head.seq}`, 1), event.head));
    return event.head.seq;
  };

  test("uses no seq that the first one used after it was copied; a folder that was moved counts on", () => {
    const [first, copy, moved] = [join(root, "first"), join(root, "copy-of-it"), join(root, "moved-to")];
    const before = openAt(first);
    expect([say(before, "one"), say(before, "two")]).toEqual([1, 2]);
    before.close();
    cpSync(first, copy, { recursive: true });
    const on = openAt(first);
    expect(say(on, "said after the copy was made")).toBe(3);
    on.close();
    const copied = openAt(copy);
    const seq = say(copied, "said in the copy");
    expect(seq).toBeGreaterThan(1_000_000);
    expect(say(copied, "and on")).toBe(seq + 1);
    copied.close();
    const again = openAt(copy);
    expect(say(again, "the same folder later")).toBe(seq + 2);
    again.close();
    renameSync(first, moved);
    const there = openAt(moved);
    expect(say(there, "moved")).toBe(4);
    there.close();
  });
});

describe("the folder elsewhere", () => {
  test("a copy is not joined; started under another name it begins anew and keeps what it found aside", async () => {
    await using town = new Town();
    const alice = town.person("alice", await town.relay());
    expect((await alice.start()).code).toBe(0);
    await alice.ask(["say", "said in the first folder"]);
    // Alice's daemon replaces files there: one that is gone when its turn comes spoils the copy.
    await until("a copy", () => {
      rmSync(join(town.folder, "copy"), { recursive: true, force: true });
      cpSync(alice.project, join(town.folder, "copy"), { recursive: true });
      return true;
    });
    const copy = town.person("alice2", undefined, { project: "copy", home: alice.home });
    expect((await copy.type(["who"])).err).toMatch(/not in a room/);
    const clash = await copy.type(["start", "-n", "alice"]);
    expect(clash.code).toBe(1);
    expect(clash.err).toMatch(/is a copy of .*-n NAME/);
    expect((await copy.type(["start", "-n", "alice2"])).code).toBe(0);
    // Its daemon moves it when it has something to show there, which may be after the command's end.
    const aside = (): string[] =>
      readdirSync(join(copy.project, ".agora")).filter((name) => name.startsWith("history.jsonl.not-ours-"));
    await until("what was found is moved aside", () => aside().length > 0);
    expect(aside()).toHaveLength(1);
    const { lines } = await copy.ask<History>(["history"]);
    expect(lines.filter((line) => line.mine)).toEqual([]);
    await copy.type(["stop"]);
  });

  test("a moved folder goes on with its journals under the same name", async () => {
    await using town = new Town();
    const relay = await town.relay();
    const alice = town.person("alice", relay);
    expect((await alice.start()).code).toBe(0);
    const { id } = await alice.ask<{ id: string }>(["say", "before the move"]);
    await alice.type(["stop"]);
    renameSync(alice.project, join(town.folder, "moved"));
    const moved = town.person("alice", relay, { project: "moved", home: alice.home });
    expect((await moved.start()).code).toBe(0);
    const { lines } = await moved.ask<History>(["history"]);
    expect(lines.map((line) => line.id)).toContain(id);
    expect(existsSync(join(moved.memory, "rooms"))).toBe(false);
    await moved.type(["stop"]);
    mkdirSync(alice.project); // where the town ends what it began
  });

  test("a folder that is moved under its daemon goes on where it is started, with what waits in its inbox", async () => {
    await using town = new Town();
    const relay = await town.relay();
    const [alice, bob] = [town.person("alice", relay), town.person("bob", relay)];
    for (const person of [alice, bob]) expect((await person.start()).code).toBe(0);
    await bob.ask(["say", "@alice", "do this please"]);
    const inbox = async (person: Person): Promise<string[]> =>
      (await person.ask<AnswerData["inbox"]>(["inbox"])).map((item) => item.text);
    await until("it waits", async () => (await inbox(alice)).length === 1);
    renameSync(alice.project, join(town.folder, "moved"));
    const moved = town.person("moved", undefined, { project: "moved", home: alice.home });
    const started = await moved.type(["start"]);
    expect(started.out).toMatch(/^joined as alice /);
    expect(started.out).toMatch(/^This project was moved here from .*alice: it goes on as alice\.$/m);
    expect(await inbox(moved)).toEqual(["do this please"]);
    // The name says the same of a folder whose mark was deleted.
    await moved.type(["stop"]);
    rmSync(join(moved.project, ".agora"), { recursive: true });
    renameSync(moved.project, join(town.folder, "moved again"));
    const again = town.person("alice", relay, { project: "moved again", home: alice.home });
    expect((await again.start()).code).toBe(0);
    expect(await inbox(again)).toEqual(["do this please"]);
    await again.type(["stop"]);
    for (const path of [alice.project, moved.project]) mkdirSync(path); // where the town ends what it began
  });
});
