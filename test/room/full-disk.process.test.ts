// A file that meets a full disk: a small one is mounted, so it needs Linux and the right to mount.
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Relay } from "@agora/relay";
import { say } from "../../packages/member/src/messages/say.ts";
import { contentAt, online, put, send, stateAt, stored } from "./file-fixture.ts";
import { makePlace, must, openRelay, type Place, until } from "./fixture.ts";

const MIB = 1024 * 1024;
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
  for (const place of [alice, bob]) place.remove();
});

describe("a full disk", () => {
  const mount = (dir: string, options: string): boolean =>
    process.platform === "linux" && spawnSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", dir]).status === 0;

  test("stops a file in the middle; it goes on when there is room, and nothing else is harmed", async (context) => {
    const dir = join(bob.dir, "project", ".agora", "files");
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    if (!mount(dir, "size=1m,mode=0700")) return context.skip("needs to mount a small disk");
    try {
      await using a = await alice.open(relay.port);
      await using b = await bob.open(relay.port);
      await online(a, "bob");
      const bytes = put(alice, "f.bin", 3 * MIB);
      const id = await send(a, ["bob"], "f.bin");
      const waiting = await until("the disk is full", () =>
        stateAt(b, id)?.code === "disk" ? stateAt(b, id) : undefined,
      );
      expect(waiting).toMatchObject({
        state: "offered",
        reason: expect.stringContaining("goes on when there is room"),
      });
      const said = must(await say(a.room, { via: "cli", text: "still here?", to: ["bob"] }, undefined));
      await until("messages go on", () => b.store.state.inbox[said.id]);
      expect(mount(dir, "remount,size=16m")).toBe(true);
      expect(contentAt(bob, await stored(b, id)).equals(bytes)).toBe(true);
    } finally {
      spawnSync("umount", ["-l", dir]);
    }
  });
});
