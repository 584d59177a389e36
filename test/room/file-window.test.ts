// How much of a file an author has under way, against a receiver that is in the test's hands.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { CHUNK_WINDOW, DEFAULT_LIMITS, decodeChunk } from "@agora/protocol";
import { describe, expect } from "vitest";
import { RawMember } from "../../relay-server/test/raw-member.ts";
import { say } from "../../packages/member/src/messages/say.ts";
import { verifies } from "../verifies.ts";
import { makePlace, must, openRelay, until } from "./fixture.ts";

const { chunkBytes } = DEFAULT_LIMITS;
const SIZE = 6 * CHUNK_WINDOW * chunkBytes;

describe("a file on its way out", () => {
  verifies(
    ["FILE-4"],
    "has no more chunks under way than the window, in their order, however it is acknowledged",
    async () => {
      await using relay = await openRelay();
      const place = makePlace("alice");
      {
        await using alice = await place.open(relay.port);
        using bob = await RawMember.join(relay, { name: "bob" });
        await until("bob is here", () => alice.room.members.isHere("bob"));
        writeFileSync(join(place.dir, "project", "big.bin"), Buffer.alloc(SIZE, 1));
        const said = must(await say(alice.room, { via: "cli", text: "", to: ["bob"], file: "big.bin" }, undefined));
        const step = (name: "want" | "ack", offset: number): void =>
          bob.send({ type: "file", room: "lobby", to: "alice", step: name, id: said.id, offset });
        /** How far the chunks have come; each begins where the one before ended. */
        const sent = (): number => {
          let end = 0;
          for (const chunk of bob.chunks) {
            const { header, bytes } = must(decodeChunk(chunk, chunkBytes));
            expect(header.offset).toBe(end);
            end += bytes.length;
          }
          return end;
        };
        const quiet = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 100));

        step("want", 0);
        let acked = 0;
        for (let round = 0; round < 6; round += 1) {
          await until("more", () => sent() > acked);
          acked = sent();
          step("ack", acked);
        }
        step("ack", 0); // nothing goes back by it
        step("ack", SIZE * 2); // of what was not sent
        await until("what the window has room for", () => sent() > acked);
        await quiet();
        expect(sent() - acked).toBeLessThanOrEqual(CHUNK_WINDOW * chunkBytes);
        expect(sent()).toBeLessThan(SIZE);
      }
      place.remove();
    },
  );
});
