// Small signs between members: a ping and its answer, what one is busy with.
import { expect } from "vitest";
import { history } from "./read-history.ts";
import { ping } from "../../packages/member/src/ping/requests.ts";
import { verifies } from "../verifies.ts";
import { ipcSession, makePlace, must, openRelay, until } from "./fixture.ts";

verifies(
  ["PING-1"],
  "a ping is answered by the daemon and waits nowhere; what one is busy with stands beside the name",
  async () => {
    const relay = await openRelay();
    const [a, b] = [makePlace("alice"), makePlace("bob")];
    const alice = await a.open(relay.port);
    const bob = await b.open(relay.port, { mode: "auto" });
    try {
      await until("both are here", () => alice.room.members.isHere("bob") && bob.room.members.isHere("alice"));
      bob.room.seats.attach(ipcSession("1"), "claude", "s1");
      const answer = must(await ping(alice.room, { via: "cli", member: "@bob" }));
      expect(answer).toEqual({ name: "bob", online: true, ms: expect.any(Number) as unknown });
      expect([bob.store.state.inbox, bob.room.seats.prompt("claude", true).items]).toEqual([{}, []]);
      expect(must(history(bob.room, { limit: 10 })).lines).toEqual([]);
      expect(await ping(alice.room, { via: "cli", member: "nobody" })).toMatchObject({ code: "unknown-recipient" });

      bob.room.doing.set("the parser");
      bob.room.seats.waiting("claude");
      const shown = (): unknown => alice.room.members.list().find((m) => m.name === "bob");
      await until(
        "alice sees it",
        () => JSON.stringify(shown())?.includes("the parser") && JSON.stringify(shown()).includes('"waiting":true'),
      );
      await bob[Symbol.asyncDispose]();
      await until("bob is away", () => !alice.room.members.isHere("bob"));
      expect(must(await ping(alice.room, { via: "cli", member: "bob" }))).toEqual({ name: "bob", online: false });
    } finally {
      await alice[Symbol.asyncDispose]();
      await relay.close();
      for (const place of [a, b]) place.remove();
    }
  },
);
