import type { Head } from "@agora/protocol";
import { expect, test } from "vitest";
import { foldQueued, foldThread, rememberThread, type Speakers, type Threads } from "./threads.ts";

function said(author: string, thread: string, id = thread): Head {
  return {
    ...{
      v: 1,
      id,
      room: "lab",
      author,
      key: `key-${author}`,
      role: "user",
      kind: "message",
      to: [],
      thread,
      chain: id,
    },
    ...{ hop: 0, seq: 1, time: 1, body: { hash: "", length: 0, media: "text/plain" } },
  } as const;
}

test("threads that strangers begin push out none that somebody known began or this member takes part in", () => {
  const threads: Threads = {};
  const handed = new Set<string>();
  const of: Speakers["of"] = (key) => {
    if (key === "key-friend") return { standing: "met" };
    return handed.has(key) ? { standing: "handed", by: "mallory" } : { standing: "here" };
  };
  foldThread(threads, said("friend", "t-friend"), { of });
  foldThread(threads, said("honest", "t-answered"), { of });
  foldThread(threads, said("me", "t-answered", "reply"), { of, isMine: true });
  rememberThread(threads, "t-looked-up", { members: [], lastId: "x", lastFrom: "honest" });
  foldThread(threads, said("honest", "t-honest"), { of });
  // A stranger who speaks in all of them makes none a stranger's.
  for (const id of ["t-friend", "t-answered", "t-looked-up"])
    foldThread(threads, said("mallory", id, `${id}-m`), { of });
  for (let n = 0; n < 5_000; n += 1) {
    handed.add(`key-n${n}`);
    foldThread(threads, said(`n${n}`, `t${n}`), { of });
  }
  expect(Object.keys(threads)).toEqual(
    expect.arrayContaining(["t-friend", "t-answered", "t-looked-up", "t-honest", "t4999"]),
  );
  for (let n = 0; n < 5_000; n += 1) foldThread(threads, said(`m${n}`, `u${n}`), { of });
  for (const id of ["t-friend", "t-answered", "t-looked-up"]) expect(threads[id]).toBeDefined();
  expect(Object.keys(threads).length).toBeLessThanOrEqual(503);
});

test("who spoke last in a thread is the same whether what this member was about to say is read before or after the answer to it", () => {
  const [asked, answered] = [said("me", "t"), said("friend", "t", "answer")];
  const live = foldThread(foldThread({}, asked), answered);
  foldQueued(live, said("me", "t", "never sent"));
  const again = foldThread(foldThread({}, asked), answered);
  foldQueued(again, asked);
  expect(live).toMatchObject({ t: { lastId: "answer", lastFrom: "friend" } });
  expect(again).toEqual(live);
});
