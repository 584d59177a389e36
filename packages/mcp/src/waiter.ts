// The waiter: a background process beside an idle session; by exiting with 2 it wakes the session. It sleeps on one request
// to the daemon. That request also ensures that there is only one waiter: when a newer one asks, the daemon lets the
// session's older one go. (A lock file could go stale, and the newest waiter is the one whose exit the client surely
// watches.) Nothing a peer wrote passes through here: the client shows a waiter's words to the model as its own.
import { type HookInput, type HookWorld, readInput } from "./hook-context.ts";
import { AT_ONCE_MS, PARENT_CHECK_MS, SEAT_GRACE_MS, WAITER_BACKOFF_MS, WAITER_LAUNCH_AFTER_MS } from "./limits.ts";
import { wakeSentence } from "./wake-sentence.ts";

const WAKE = 2;
const LEAVE = 0;

/** Waits until the session should be woken (2) or the waiter is no longer needed (0). */
export async function waitForWake(world: HookWorld): Promise<number> {
  // Under `claude -p` this hook doesn't run in the background: the run would wait for us.
  if (world.env["CLAUDE_CODE_ENTRYPOINT"] === "sdk-cli") return LEAVE;
  const input = await readInput(world);
  if (input === undefined) return LEAVE;

  let over = false;
  const orphaned = whenOrphaned(world, () => over);
  try {
    return await Promise.race([orphaned, keepAsking(input, world, () => over)]);
  } finally {
    over = true;
  }
}

async function keepAsking(input: HookInput, world: HookWorld, over: () => boolean): Promise<number> {
  let pause: number = WAITER_BACKOFF_MS.first;
  let awaySince: number | undefined;
  let mayLaunch = true;
  // Started together with the hook that creates the seat, it may ask first: then nobody knows the session yet.
  const seatDue = input.source === "" ? 0 : world.clock.steady() + SEAT_GRACE_MS;
  while (!over() && world.membership.joined()) {
    // The daemon is relaunched at most once: the next prompt does it too, and nobody may launch in a loop.
    const launch = mayLaunch && awaySince !== undefined && world.clock.steady() - awaySince > WAITER_LAUNCH_AFTER_MS;
    if (launch) mayLaunch = false;
    const askedAt = world.clock.steady();
    const asked = await ask(input.session, world, launch);
    if (asked.came) {
      pause = WAITER_BACKOFF_MS.first;
      awaySince = undefined;
    }
    const tooEarly = asked.exit === LEAVE && askedAt < seatDue && world.clock.steady() - askedAt < AT_ONCE_MS;
    if (asked.exit !== undefined && !tooEarly) return asked.exit;
    if (tooEarly) {
      await world.sleep(WAITER_BACKOFF_MS.first);
      continue;
    }
    awaySince ??= world.clock.steady();
    await world.sleep(pause);
    pause = Math.min(pause * 2, WAITER_BACKOFF_MS.last);
  }
  return LEAVE;
}

/** One long request; without `exit`, the daemon is away, or went away, and must be asked again. */
async function ask(session: string, world: HookWorld, launch: boolean): Promise<{ came: boolean; exit?: number }> {
  const opened = await world.open({ launch, onPush: () => undefined });
  if (!opened.ok) return { came: false };
  const line = opened.value;
  try {
    const gone = line.closed.then(() => undefined);
    const answer = await Promise.race([line.request("awaitWake", { session }, { timeoutMs: FOREVER_MS }), gone]);
    if (answer === undefined) return { came: true };
    if (!answer.ok) {
      if (answer.code === "moved") await gone; // its successor is there at once
      return { came: answer.code === "moved" };
    }
    if (!answer.value.wake) return { came: true, exit: LEAVE };
    world.err(`${wakeSentence(answer.value.count, answer.value.from)}\n`);
    return { came: true, exit: WAKE };
  } finally {
    line.close();
  }
}

/** Longer than the client lets a waiter live. */
const FOREVER_MS = 172_800_000;

/** Some client versions leave waiters behind when they exit. */
async function whenOrphaned(world: HookWorld, over: () => boolean): Promise<number> {
  while (!over() && world.parentAlive()) await world.sleep(PARENT_CHECK_MS);
  return LEAVE;
}
