// Every request of the local language has an answer: a feature's, or the process's around the member.
import { REQUESTS } from "@agora/ipc/requests";
import { expect, test } from "vitest";
import { makePlace } from "./fixture.ts";
import { ScriptedRelay } from "./scripted-relay.ts";

const OF_THE_PROCESS = ["ready", "whoami", "status", "watchState", "stop", "handOver"];

test("every request is answered, by exactly one", async () => {
  const place = makePlace("alice");
  const alice = await place.open(1, {}, { dial: new ScriptedRelay().dial });
  try {
    const answered = [...Object.keys(alice.room.requests), ...OF_THE_PROCESS];
    expect(answered.sort()).toEqual(Object.keys(REQUESTS).sort());
  } finally {
    await alice[Symbol.asyncDispose]();
    place.remove();
  }
});
