// Files over a real relay: acceptance, several at once, cuts of every kind, away members, quotas, a full disk.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { FileProgress } from "@agora/ipc";
import type { Relay } from "@agora/relay";
import { accept } from "../../packages/member/src/messages/inbox.ts";
import { ownEvents } from "../../packages/member/src/messages/history.ts";
import { say } from "../../packages/member/src/messages/say.ts";
import { reject } from "../../packages/member/src/messages/reject.ts";
import { contentAt, copiesAt, online, partsAt, put, send, stateAt, stored } from "./file-fixture.ts";
import { makePlace, must, openRelay, type Place, request, until } from "./fixture.ts";

const MIB = 1024 * 1024;
let relay: Relay;
let places: Place[];
let alice: Place;
let bob: Place;

beforeEach(async () => {
  relay = await openRelay();
  alice = makePlace("alice");
  bob = makePlace("bob");
  places = [alice, bob];
});
afterEach(async () => {
  await relay.close();
  for (const place of places) place.remove();
});

describe("a file", () => {
  test("without a byte in it arrives as one, too", async () => {
    await using a = await alice.open(relay.port);
    await using b = await bob.open(relay.port);
    await online(a, "bob");
    put(alice, "empty.txt", 0);
    const id = await send(a, ["bob"], "empty.txt");
    const file = await stored(b, id);
    expect([file.size, contentAt(bob, file).length]).toEqual([0, 0]);
    await until("alice knows", () => stateAt(a, id)?.recipients?.[0]?.state === "done");
    await until("no copy is kept", () => copiesAt(alice).length === 0);
  });

  test("reaches several recipients at once; its author sees each of them, and keeps no copy in the end [FILE-7]", async () => {
    const carol = makePlace("carol");
    places.push(carol);
    await using a = await alice.open(relay.port);
    await using b = await bob.open(relay.port);
    await using c = await carol.open(relay.port);
    await online(a, "bob", "carol");
    const seen: FileProgress[] = [];
    a.room.files.onProgress((p) => seen.push(p));
    const bytes = put(alice, "data.bin", 3 * MIB + 17);
    const id = await send(a, ["bob", "carol"], "data.bin");
    const [atBob, atCarol] = await Promise.all([stored(b, id), stored(c, id)]);
    expect(contentAt(bob, atBob).equals(bytes)).toBe(true);
    expect(contentAt(carol, atCarol).equals(bytes)).toBe(true);
    await until("both are done", () => stateAt(a, id)?.recipients?.every((r) => r.state === "done"));
    expect(
      ownEvents(a.room, id)[0]
        ?.file?.recipients?.map((r) => r.member)
        .sort(),
    ).toEqual(["bob", "carol"]);
    await until("the copy is gone", () => copiesAt(alice).length === 0);
    expect(partsAt(bob)).toEqual([]);
    expect(new Set(seen.map((p) => p.step))).toEqual(new Set(["copying", "sending", "done"]));
    expect(new Set(seen.filter((p) => p.step === "done").map((p) => p.member))).toEqual(new Set(["bob", "carol"]));
  });

  test("offered to the room waits for a member who is away", async () => {
    await using a = await alice.open(relay.port);
    {
      await using b = await bob.open(relay.port);
      await online(a, "bob");
      void b;
    }
    await until("bob is away", () => !a.room.members.isHere("bob"));
    const bytes = put(alice, "notes.txt", 200_000);
    const id = await send(a, [], "notes.txt");
    await using b = await bob.open(relay.port);
    expect(contentAt(bob, await stored(b, id)).equals(bytes)).toBe(true);
    await until("alice knows", () => stateAt(a, id)?.recipients?.some((r) => r.member === "bob" && r.state === "done"));
  });

  test("of a sender who is away comes when they are back", async () => {
    const bytes = put(alice, "big.bin", 9 * MIB);
    const b = await bob.open(relay.port);
    const a = await alice.open(relay.port);
    await online(a, "bob");
    const id = await send(a, ["bob"], "big.bin");
    await until("it has begun", () => (stateAt(b, id)?.received ?? 0) > 0);
    a.crash();
    await until("alice is away", () => !b.room.members.isHere("alice"));
    await using a2 = await alice.open(relay.port);
    expect(contentAt(bob, await stored(b, id)).equals(bytes)).toBe(true);
    await until("alice knows", () => stateAt(a2, id)?.recipients?.[0]?.state === "done");
    await b[Symbol.asyncDispose]();
  });

  test("above the size that is taken without asking waits for the person; its author is told so", async () => {
    await using a = await alice.open(relay.port);
    await using b = await bob.open(relay.port, { autoFileBytes: 100_000 });
    await online(a, "bob");
    put(alice, "large.bin", 150_000);
    for (const to of [["bob"], []]) {
      const id = await send(a, to, "large.bin");
      const waiting = await until("it is offered", () => stateAt(b, id));
      expect(waiting).toMatchObject({ state: "offered", code: "accept" });
      expect(waiting.reason).toContain(`agora accept ${id.slice(0, 8)}`);
      await until("alice knows why", () =>
        stateAt(a, id)?.recipients?.some((r) => r.member === "bob" && (r.reason ?? "").includes("accept")),
      );
      expect(await request(b, "accept", { via: "tool", thread: id })).toMatchObject({ ok: false, code: "not-allowed" });
      expect(must(accept(b.room, { via: "cli", thread: id.slice(0, 10) }, undefined)).fileOnly).toBe(
        to.length === 0 ? true : undefined,
      );
      await stored(b, id);
    }
  });

  test("that the person rejects is not fetched, and its author learns so", async () => {
    await using a = await alice.open(relay.port);
    await using b = await bob.open(relay.port, { autoFileBytes: 0 });
    await online(a, "bob");
    put(alice, "unwanted.bin", 50_000);
    const id = await send(a, ["bob"], "unwanted.bin");
    await until("it is offered", () => stateAt(b, id));
    must(await reject(b.room, { via: "cli", thread: id }, undefined));
    expect(stateAt(b, id)).toMatchObject({ state: "failed", code: "rejected" });
    await until("alice knows", () => stateAt(a, id)?.recipients?.[0]?.state === "refused");
    await until("no copy is kept", () => copiesAt(alice).length === 0);
  });

  test("from before a member came is fetched only when they ask for it", async () => {
    await using a = await alice.open(relay.port);
    const bytes = put(alice, "old.txt", 1_000);
    const id = await send(a, [], "old.txt");
    await using b = await bob.open(relay.port);
    const waiting = await until("the offer is known", () => stateAt(b, id));
    expect(waiting).toMatchObject({ state: "offered", code: "accept" });
    must(accept(b.room, { via: "cli", thread: id }, undefined));
    expect(contentAt(bob, await stored(b, id)).equals(bytes)).toBe(true);
  });

  test("too large for the quota waits, says so, and comes when there is room", async () => {
    await using a = await alice.open(relay.port);
    await using b = await bob.open(relay.port, { fileQuotaBytes: 300_000, maxFileBytes: 250_000 });
    await online(a, "bob");
    put(alice, "one.bin", 200_000);
    put(alice, "two.bin", 220_000);
    const first = await stored(b, await send(a, ["bob"], "one.bin"));
    const second = await send(a, ["bob"], "two.bin");
    const waiting = await until("it waits", () =>
      stateAt(b, second)?.code === "quota" ? stateAt(b, second) : undefined,
    );
    expect(waiting).toMatchObject({ state: "offered" });
    expect(waiting.reason).toContain(".agora/files");
    writeFileSync(join(bob.dir, "project", first.path!), "");
    await stored(b, second);
  });

  test("is refused with a code of its own when the copies that are owed fill the quota", async () => {
    await using a = await alice.open(relay.port, { fileQuotaBytes: 300_000, maxFileBytes: 250_000 });
    await using b = await bob.open(relay.port, { autoFileBytes: 0 });
    await online(a, "bob");
    put(alice, "one.bin", 200_000);
    put(alice, "two.bin", 220_000);
    const first = await send(a, ["bob"], "one.bin");
    const refused = await say(a.room, { via: "cli", text: "", to: ["bob"], file: "two.bin" }, undefined);
    expect(refused).toMatchObject({ ok: false, code: "quota" });
    await until("the offer is there", () => stateAt(b, first));
    must(accept(b.room, { via: "cli", thread: first }, undefined));
    await until("alice owes nothing", () => copiesAt(alice).length === 0);
    await send(a, ["bob"], "two.bin");
  });

  test("lies over nothing: another content under the same name stays", async () => {
    await using a = await alice.open(relay.port);
    await using b = await bob.open(relay.port);
    await online(a, "bob");
    const bytes = put(alice, "CLAUDE.md", 5_000);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const taken = join(bob.dir, "project", ".agora", "files", `${sha256.slice(0, 8)}-CLAUDE.md`);
    writeFileSync(taken, "mine");
    const state = await stored(b, await send(a, ["bob"], "CLAUDE.md"));
    expect(readFileSync(taken, "utf8")).toBe("mine");
    expect(state.path).toContain(sha256.slice(0, 16));
    expect(contentAt(bob, state).equals(bytes)).toBe(true);
  });
});

describe("many files", () => {
  test("go at once, both ways, with messages between them", async () => {
    await using a = await alice.open(relay.port);
    await using b = await bob.open(relay.port);
    await Promise.all([online(a, "bob"), online(b, "alice")]);
    const sizes = Array.from({ length: 12 }, (_, i) => (i + 1) * 300_000);
    const sent = await Promise.all(
      sizes.map(async (size, i) => {
        const [from, by, to] = i % 2 === 0 ? [alice, a, "bob"] : [bob, b, "alice"];
        const bytes = put(from, `f${i}.bin`, size);
        return {
          id: await send(by, [to], `f${i}.bin`),
          bytes,
          at: i % 2 === 0 ? b : a,
          place: i % 2 === 0 ? bob : alice,
        };
      }),
    );
    for (let i = 0; i < 20; i += 1) {
      const said = must(await say(a.room, { via: "cli", text: `word ${i}`, to: ["bob"] }, undefined));
      await until("it is there", () => b.store.state.inbox[said.id]);
    }
    for (const { id, bytes, at, place } of sent)
      expect(contentAt(place, await stored(at, id)).equals(bytes)).toBe(true);
    expect([...partsAt(alice), ...partsAt(bob)]).toEqual([]);
  });
});

describe("whatever dies", () => {
  type Cut = "alice" | "bob" | "relay" | "both";

  test("a file arrives whole, once, and nothing is left behind", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom<Cut>("alice", "bob", "relay", "both"), fc.integer({ min: 0, max: 60 })), {
          minLength: 1,
          maxLength: 4,
        }),
        fc.integer({ min: 1, max: 4 * MIB }),
        async (cuts, size) => {
          await relay.close(); // on it the last bob may still be here, under a name that is another's now
          relay = await openRelay();
          const [one, two] = [makePlace("alice"), makePlace("bob")];
          let a = await one.open(relay.port);
          let b = await two.open(relay.port);
          try {
            await online(a, "bob");
            const bytes = put(one, "f.bin", size);
            const id = await send(a, ["bob"], "f.bin");
            for (const [who, ms] of cuts) {
              await new Promise((r) => setTimeout(r, ms));
              if (who === "alice" || who === "both") a.crash();
              if (who === "bob" || who === "both") b.crash();
              if (who === "relay") {
                const { port } = relay;
                await relay.close();
                relay = await openRelay(port);
              }
              if (who === "alice" || who === "both") a = await one.open(relay.port);
              if (who === "bob" || who === "both") b = await two.open(relay.port);
            }
            const state = await stored(b, id);
            expect(contentAt(two, state).equals(bytes)).toBe(true);
            await until("alice knows", () => stateAt(a, id)?.recipients?.[0]?.state === "done");
            expect(partsAt(two)).toEqual([]);
            expect(readdirSync(join(two.dir, "project", ".agora", "files"))).toHaveLength(1);
          } finally {
            await Promise.all([a[Symbol.asyncDispose](), b[Symbol.asyncDispose]()]);
            one.remove();
            two.remove();
          }
        },
      ),
      { numRuns: 12, endOnFailure: true },
    );
  });

  test("a part with bytes that were never written is begun anew", async () => {
    const bytes = put(alice, "f.bin", 2 * MIB);
    const a = await alice.open(relay.port);
    const b = await bob.open(relay.port, { autoFileBytes: 0 });
    await online(a, "bob");
    const id = await send(a, ["bob"], "f.bin");
    await until("it is offered", () => stateAt(b, id));
    b.crash();
    writeFileSync(join(bob.dir, "project", ".agora", "files", `.part-${id}`), Buffer.alloc(MIB));
    await using b2 = await bob.open(relay.port);
    expect(contentAt(bob, await stored(b2, id)).equals(bytes)).toBe(true);
    await a[Symbol.asyncDispose]();
  });

  test("parts whose offers are gone are removed at the start", async () => {
    const b = await bob.open(relay.port);
    b.crash();
    const part = join(bob.dir, "project", ".agora", "files", ".part-0000000000");
    const copy = join(bob.dir, "project", ".agora", "sent", "0".repeat(64));
    writeFileSync(part, "left behind");
    writeFileSync(copy, "left behind");
    await using b2 = await bob.open(relay.port);
    await until("they are gone", () => !existsSync(part) && !existsSync(copy));
    void b2;
  });
});
