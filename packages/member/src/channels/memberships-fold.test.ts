// One's own memberships of channels as a fold.
import { describe, expect, test } from "vitest";
import { foldMembership, foldSaid, type Memberships } from "./memberships-fold.ts";

describe("one's own memberships", () => {
  test("count what is unread, and forget the ones that were left", () => {
    const mine: Memberships = {};
    foldMembership(mine, { op: "channel-in", channel: "build", since: "1-0", act: "x" });
    foldSaid(mine, "build");
    foldSaid(mine, "build");
    foldMembership(mine, { op: "channel-read", channel: "build", read: 1 });
    expect(mine["build"]).toEqual({ in: true, since: "1-0", act: "x", said: 2, read: 1 });
    foldMembership(mine, { op: "channel-in", channel: "build", since: "2-0" });
    expect(mine["build"]).toEqual({ in: true, since: "2-0", said: 2, read: 1 });
    foldMembership(mine, { op: "channel-out", channel: "build" });
    for (let i = 0; i < 300; i += 1) {
      foldMembership(mine, { op: "channel-in", channel: `c${i}`, since: "1-0" });
      foldMembership(mine, { op: "channel-out", channel: `c${i}` });
    }
    expect(Object.keys(mine).length).toBeLessThanOrEqual(200);
    foldMembership(mine, { op: "channel-out", channel: "unknown" });
    expect(mine["unknown"]).toBeUndefined();
  });
});
