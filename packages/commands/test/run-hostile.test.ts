// What others wrote, as commands print it: nothing in it acts, hides or looks like ours.
import { describe, expect, test } from "vitest";
import { NOW, type scripted } from "./scripted-daemon.ts";
import { THREAD, HOSTILE, said, item, line, lines } from "./run-lines.ts";

describe("hostile text is shown harmless", () => {
  const hostileItem = {
    ...item,
    from: HOSTILE,
    text: HOSTILE,
    reason: HOSTILE,
    seat: HOSTILE,
    state: "auto",
    file: { name: HOSTILE, size: 3, sha256: "", state: "stored", path: HOSTILE },
  };
  const hostileLine = {
    ...line,
    author: HOSTILE,
    seat: HOSTILE,
    text: HOSTILE,
    kind: HOSTILE,
    file: { name: HOSTILE, size: 1, sha256: "", state: "failed", reason: HOSTILE },
  };
  const hostileMember = {
    name: HOSTILE,
    you: false,
    online: true,
    key: "k",
    host: HOSTILE,
    dir: HOSTILE,
    branch: HOSTILE,
    status: HOSTILE,
    owner: HOSTILE,
    kind: "agent",
    seats: [{ seat: HOSTILE, connected: true, reachable: true, busy: false }],
  };
  const connection = { state: "refused", relay: "wss://r", room: "den", name: "a", reason: HOSTILE };
  const event = {
    id: THREAD,
    thread: THREAD,
    text: HOSTILE,
    at: NOW,
    state: "rejected",
    reason: HOSTILE,
    deliveries: [{ member: HOSTILE, state: "held", reason: HOSTILE }],
  };
  const status = {
    daemon: { pid: 1, version: "0", startedAt: NOW, project: "/p" },
    connection,
    mode: "manual",
    hopLimit: 3,
    inbox: 0,
    queued: 0,
    seats: [],
    events: [event],
    notices: [HOSTILE],
  };
  const cases: readonly [string[], Parameters<typeof scripted>[0]][] = [
    [["inbox"], { inbox: { items: [hostileItem] } }],
    [["wait"], { wait: { items: [hostileItem], timedOut: false } }],
    [["history"], { history: { lines: [hostileLine], more: false } }],
    [["who"], { who: { room: "den", you: "a", connection, members: [hostileMember] } }],
    [["status"], { status }],
    [["accept", "x"], { accept: { item: hostileItem, lines: [] } }],
    [
      ["say", "x"],
      { say: { ...said, to: [HOSTILE], notes: [HOSTILE], reason: HOSTILE, state: "queued", file: hostileItem.file } },
    ],
  ];
  for (const [words, answers] of cases) {
    test(words[0]!, async () => {
      const shown = await lines(answers, words);
      expect(shown).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b\u202e]/);
      expect(shown).not.toMatch(/^14:03 eve/m);
    });
  }
});
