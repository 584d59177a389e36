// A hostile member's files and its part in healing: names, sizes and steps that are not what they should be.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { generateKeyPair } from "@agora/ports";
import {
  encodeChunk,
  FILE_OFFER,
  MAX_HEAL_MARKS,
  type FromRelay,
  MAX_MARK_RANGES,
  type SignedEvent,
} from "@agora/protocol";
import { describe, expect, test } from "vitest";
import { RawMember } from "../../relay-server/test/raw-member.ts";
import { verifies } from "../verifies.ts";
import { makePlace, until } from "./fixture.ts";
import {
  room,
  toBob,
  relay,
  places,
  alice,
  bob,
  mallory,
  now,
  deliver,
  handled,
  items,
  kept,
  tell,
  useHostileRoom,
} from "./hostile-room.ts";

useHostileRoom();

describe("files of a hostile member", () => {
  const offer = (name: string, bytes: Buffer, sha256: string): SignedEvent & { id?: string } =>
    mallory.seal(JSON.stringify({ name, size: bytes.length, sha256 }), { kind: "file", to: toBob }, FILE_OFFER);
  const sha256 = async (bytes: Buffer): Promise<string> =>
    Buffer.from(await crypto.subtle.digest("SHA-256", new Uint8Array(bytes))).toString("hex");
  const send = (id: string, bytes: Buffer, to = "bob", offset = 0): void =>
    mallory.socket.send(encodeChunk({ room, to, id, offset }, bytes));
  const received = (): string[] =>
    readdirSync(join(places[1]!.dir, "project", ".agora", "files")).filter((f) => !f.startsWith("."));
  const nextWant = async (): Promise<string> => {
    for (;;) {
      const step = await mallory.next("file");
      if (step.step === "want") return step.id;
    }
  };
  const stateOf = (id: string): string | undefined => bob.room.files.stateOf(id)?.state;

  verifies(["FILE-8"], "get names of ours, in the folder of ours, whatever they are called", async () => {
    const project = join(places[1]!.dir, "project");
    const names = [
      "../../x",
      "/etc/passwd",
      "CLAUDE.md",
      ".env",
      "..",
      "a\u0000b\u001b[31m\u202e.md",
      "con\\..\\aux",
      "写".repeat(120) + ".md",
      "𝒳".repeat(120),
      "~/.ssh/config",
    ];
    for (const [n, name] of names.entries()) {
      const bytes = Buffer.from(`content ${n}`);
      mallory.post(offer(name, bytes, await sha256(bytes)));
      const id = await nextWant();
      send(id, bytes);
      await until(`${JSON.stringify(name)} arrived`, () => stateOf(id) === "stored");
    }
    expect(received()).toHaveLength(names.length);
    for (const name of received()) {
      expect(name).toMatch(/^[0-9a-f]{8}-[\p{L}\p{N}_ -][\p{L}\p{N}._ -]*$/u);
      expect(name.isWellFormed()).toBe(true);
    }
    expect(readdirSync(project)).toEqual([".agora"]);
    expect(existsSync(join(places[1]!.dir, "x"))).toBe(false);
  });

  verifies(
    ["FILE-8"],
    "never take the place of another file, though the first digits of their hashes are alike",
    async () => {
      const bytes = Buffer.from("mallory's");
      const hash = await sha256(bytes);
      const folder = join(places[1]!.dir, "project", ".agora", "files");
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, `${hash.slice(0, 8)}-report.pdf`), "alice's");
      mallory.post(offer("report.pdf", bytes, hash));
      const id = await nextWant();
      send(id, bytes);
      await until("arrived", () => stateOf(id) === "stored");
      expect(readFileSync(join(folder, `${hash.slice(0, 8)}-report.pdf`), "utf8")).toBe("alice's");
    },
  );

  verifies(["FILE-7"], "are not done and have no place unless size and hash are as was signed", async () => {
    const bytes = Buffer.alloc(1_000, 1);
    const hash = await sha256(bytes);
    for (const wrong of [Buffer.alloc(1_000, 2), Buffer.alloc(1_001, 1)]) {
      mallory.post(offer("file.bin", bytes, hash));
      const id = await nextWant();
      send(id, wrong);
      await until("failed", () => stateOf(id) === "failed");
      expect(await mallory.next("file")).toMatchObject({ step: "refuse", id });
    }
    expect(received()).toEqual([]);
    mallory.post(offer("file.bin", bytes, hash));
    const id = await nextWant();
    send(id, bytes.subarray(0, 400));
    send(id, bytes.subarray(100, 400), "bob", 100); // again, and out of order: passed over
    send(id, bytes.subarray(400), "bob", 400);
    expect(await mallory.next("file")).toMatchObject({ step: "done", id });
    expect(received()).toEqual([`${hash.slice(0, 8)}-file.bin`]);
  });

  test("steps and chunks for transfers of others do nothing to them", async () => {
    const bytes = Buffer.alloc(2_000_000, "agora");
    writeFileSync(join(places[0]!.dir, "project", "big.bin"), bytes);
    const id = await tell(alice, ["bob"], "", { file: "big.bin" });
    for (let n = 0; n < 50; n += 1) {
      send(id, Buffer.alloc(100, 7), "bob", n * 65_536);
      send(id, Buffer.alloc(100, 7), "alice", 0);
      for (const step of ["refuse", "done", "ack", "want"] as const)
        for (const to of ["alice", "bob"])
          mallory.send({ type: "file", room, to, step, id, offset: 9_000_000_000_000 });
    }
    await until("it arrived whole", () => stateOf(id) === "stored");
    const answers = mallory.frames.filter((f) => f.type === "file");
    expect(answers.length).toBeGreaterThan(0);
    expect(answers.every((f) => f.type === "file" && f.step === "refuse")).toBe(true);
    expect(mallory.chunks).toEqual([]);
  });

  test("under the name of one who is away are no part of that one's transfer", async () => {
    const bytes = Buffer.alloc(2_000, "agora");
    const options = { name: "zoe", pair: generateKeyPair() };
    const wanted = (f: FromRelay): f is Extract<FromRelay, { type: "file" }> => f.type === "file" && f.step === "want";
    const hash = await sha256(bytes);
    let id = "";
    {
      using zoe = await RawMember.join(relay, options);
      zoe.post(
        zoe.seal(JSON.stringify({ name: "z.bin", size: 2_000, sha256: hash }), { kind: "file", to: toBob }, FILE_OFFER),
      );
      ({ id } = await zoe.nextThat(wanted));
      zoe.socket.send(encodeChunk({ room, to: "bob", id, offset: 0 }, bytes.subarray(0, 500)));
      await until("the first part", () => bob.room.files.stateOf(id)?.received === 500);
    }
    await until("zoe is away", () => bob.room.members.get("zoe") === undefined);
    {
      using impostor = await RawMember.join(relay, { name: "zoe" });
      await until("somebody else is here", () => bob.room.members.get("zoe") !== undefined);
      impostor.send({ type: "file", room, to: "bob", step: "refuse", id, reason: "never mind" });
      impostor.socket.send(encodeChunk({ room, to: "bob", id, offset: 500 }, Buffer.alloc(1_500)));
      await impostor.settled();
      await handled();
      expect(stateOf(id)).not.toBe("failed");
    }
    await until("gone", () => bob.room.members.get("zoe") === undefined);
    using zoe = await RawMember.join(relay, options);
    const { offset } = await zoe.nextThat(wanted);
    zoe.socket.send(encodeChunk({ room, to: "bob", id, offset: offset! }, bytes.subarray(offset)));
    await until("it arrived whole", () => stateOf(id) === "stored");
  });
});

describe("healing with a hostile member", () => {
  verifies(
    ["HEAL-6", "HEAL-3"],
    "gives it nothing that was not for it, believes nothing, and goes on for others",
    async () => {
      await tell(alice, ["bob"], "a secret");
      await tell(alice, [], "for all");
      await until("bob has both", () => kept().length === 2);
      const before = JSON.stringify(bob.store.state.marks);
      const ranges = Array.from({ length: MAX_MARK_RANGES }, (_, n): [number, number] => [2 * n + 1, 2 * n + 1]);
      const absurd = Array.from({ length: MAX_HEAL_MARKS }, (_, n) => ({
        key: alice.room.myKey,
        audience: n === 0 ? "*" : `@bob,x${n}`,
        ranges: n === 0 ? [[1, Number.MAX_SAFE_INTEGER] as [number, number]] : ranges,
      }));
      for (let n = 0; n < 5; n += 1) {
        mallory.send({ type: "heal", room, to: "bob", step: "done", more: true, marks: absurd });
        mallory.send({ type: "heal", room, to: "bob", step: "marks", since: "0-0", marks: absurd });
        mallory.send({ type: "heal", room, to: "bob", step: "marks", since: "0-0", marks: [] });
      }
      await until("an answer", () => mallory.frames.some((f) => f.type === "heal" && f.step === "done"));
      await handled();
      const given = mallory.frames.flatMap((f) => (f.type === "event" ? [f.event.body] : []));
      expect(given.every((text) => text === "for all")).toBe(true);
      expect(JSON.stringify(bob.store.state.marks)).toContain(before.slice(1, -1));
      // A member that always has more to give does not keep bob from asking others.
      await tell(alice, ["bob"], "and another");
      await until("bob has it", () => items().length === 2);
    },
  );

  test("that never ends its answer does not keep a newcomer from the others", async () => {
    for (let n = 0; n < 5; n += 1) await tell(alice, [], `past ${n}`);
    const place = makePlace("carol");
    places.push(place);
    const over = new AbortController();
    const drip = (async () => {
      while (!over.signal.aborted) {
        mallory.send({ type: "heal", room, to: "carol", step: "done", more: true });
        deliver(mallory.seal("drip"), now(), "carol");
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    })();
    await using carol = await place.open(relay.port);
    const past = (): number =>
      [...carol.store.history.from(0)].filter(({ value }) => "text" in value && value.text.startsWith("past")).length;
    await until("carol has the past", () => past() === 5);
    over.abort();
    await drip;
  });
});
