import { manualClock } from "@agora/ports/testing";
import { expect, test } from "vitest";
import { createQueueWaker } from "./queue-waker.ts";
import { scriptedDaemon } from "./scripted-line.ts";
import { WAKER_RETRY_MS } from "./limits.ts";

/** A daemon whose wake-ups the test gives, and a client whose queue the test decides on. */
function open() {
  const waiting: ((wake: { wake: boolean; count: number; from: string[] }) => void)[] = [];
  const daemon = scriptedDaemon({ awaitWake: () => new Promise((resolve) => waiting.push(resolve)) });
  const clock = manualClock();
  const queued: string[][] = [];
  const how = { works: true };
  const waker = createQueueWaker({
    membership: daemon.membership,
    open: daemon.open,
    clock,
    queue: async (...words) => {
      queued.push(words);
      return how.works;
    },
  });
  const wakes = () => daemon.asked.filter(({ name }) => name === "awaitWake").length;
  return { daemon, clock, waker, waiting, queued, how, wakes };
}

const SENTENCE = "Agora: 2 messages from bob for this session; the text is in the context beside this note.";

test("one message at a time: nobody waits again before the session's next prompt", async () => {
  const { waker, waiting, queued, wakes } = open();
  waker.alive("t1");
  waker.alive("t1");
  await expect.poll(wakes).toBe(1);
  waiting[0]!({ wake: true, count: 2, from: ["bob"] });
  await expect.poll(() => queued).toEqual([["t1", SENTENCE]]);
  waker.alive("t1");
  await new Promise(setImmediate);
  expect(wakes()).toBe(1);
  waker.prompted();
  waker.alive("t1");
  await expect.poll(wakes).toBe(2);
  waiting[1]!({ wake: true, count: 2, from: ["bob"] });
  await expect.poll(() => queued.length).toBe(2);
  await waker[Symbol.asyncDispose]();
});

test("a queue that does not work is tried again later, a daemon that went is waited for", async () => {
  const { daemon, clock, waker, waiting, queued, how, wakes } = open();
  how.works = false;
  waker.alive("t1");
  await expect.poll(wakes).toBe(1);
  waiting[0]!({ wake: true, count: 1, from: [] });
  await expect.poll(() => queued.length).toBe(1);
  await new Promise(setImmediate);
  clock.advance(WAKER_RETRY_MS);
  await expect.poll(wakes).toBe(2);
  daemon.kill();
  await new Promise(setImmediate);
  daemon.running = true;
  await expect
    .poll(() => {
      clock.advance(500);
      return wakes();
    })
    .toBe(3);
  await waker[Symbol.asyncDispose]();
});

test("another waiter of the session, a project that left, an end: then it is over", async () => {
  const { daemon, waker, waiting, queued, wakes } = open();
  waker.alive("t1");
  await expect.poll(wakes).toBe(1);
  waiting[0]!({ wake: false, count: 0, from: [] });
  await new Promise(setImmediate);
  daemon.joined = false;
  waker.alive("t1");
  waker.alive("");
  await new Promise(setImmediate);
  expect(wakes()).toBe(1);
  daemon.joined = true;
  waker.alive("t1");
  await expect.poll(wakes).toBe(2);
  await waker[Symbol.asyncDispose]();
  waker.alive("t1");
  await new Promise(setImmediate);
  expect([wakes(), queued.length]).toEqual([2, 0]);
});
