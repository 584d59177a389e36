// Doctor checks how each session can be reached: its wake methods, best first, each with when its model last showed that it
// works; and, on request, a test of the one that can be tried from outside.
import { randomBytes } from "node:crypto";
import { showSpan } from "@agora/commands";
import type { Client, Results, Via } from "@agora/ipc";
import { broken, doubtful, type Finding, good } from "./doctor-finding.ts";

/** How long a woken session has to return the word: the client's queue alone takes ten seconds, and more on a busy machine. */
const TEST_TIMEOUT_S = 90;
const GRACE_MS = 5_000;

/** Each wake method, as a person knows it. The waiter and Codex's queue count as the same one: the session is woken. */
const RUNGS = [
  ["wake", "woken while idle"],
  ["stop", "kept going at the end of a turn"],
  ["tool", "told beside a tool result"],
  ["prompt", "told at the next prompt"],
] as const;

type Status = Results["status"];

/** One line per session: whether it can be woken, and which wake methods are proven. */
export function checkSeats({ seats, rungs }: Status, now: number): Finding[] {
  return seats.map(({ seat, connected, reachable }) => {
    const proven = RUNGS.map(([rung, words]) => {
      const at = rungs.find((one) => one.seat === seat && one.rung === rung)?.at;
      return `${words}: ${at === undefined ? "unproven (nothing came that way yet)" : `proven ${showSpan(now - at)} ago`}`;
    });
    const state = `${connected ? "connected" : "not connected"}, ${reachable ? "can be woken" : "can't be woken"}`;
    const detail = `${seat}: ${state}; ${proven.join("; ")}`;
    return reachable || !connected
      ? good("wake", detail)
      : doubtful("wake", detail, "it sees mentions at its next prompt; a prompt in that session arms it again");
  });
}

/**
 * Wakes every open session with a random word, and counts it only when its model returns the word. A session that has had no
 * prompt yet is open too: its waiter exists before its server is bound.
 * `troubles`: clients whose hooks fail, one sentence each; when nothing could be woken, they are the reason.
 */
export async function testWaking(
  client: Client,
  { seats }: Status,
  via: Via,
  troubles: readonly string[],
): Promise<Finding[]> {
  const open = seats.filter(({ connected, reachable }) => connected || reachable);
  const tried =
    open.length === 0
      ? [doubtful("wake test", "no session is open here", "open one and give it a prompt")]
      : await Promise.all(open.map(({ seat }) => testSeat(client, seat, via)));
  if (tried.every(({ state }) => state === "ok")) return tried;
  return [...tried, ...troubles.map((trouble) => broken("wake test", trouble, "see the line about hooks"))];
}

async function testSeat(client: Client, seat: string, via: Via): Promise<Finding> {
  const word = randomBytes(6).toString("hex");
  const began = Date.now();
  const asked = { via, seat, word, timeoutS: TEST_TIMEOUT_S };
  const answer = await client.request("probeWake", asked, { timeoutMs: TEST_TIMEOUT_S * 1_000 + GRACE_MS });
  if (answer.ok && answer.value.proven)
    return good("wake test", `${seat}: proven, its model brought the word back after ${showSpan(Date.now() - began)}`);
  const reason = answer.ok ? (answer.value.reason ?? "no reason given") : answer.message;
  return doubtful(
    "wake test",
    `${seat}: unproven (${reason})`,
    "give that session a prompt, look at its hooks, try again",
  );
}
