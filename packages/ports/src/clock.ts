// Time as an argument: what state machines and daemons see of the clock. `testing.ts` has one that is moved by hand.

/** Cancels the timer; calling it twice does nothing. */
export type Cancel = () => void;

/** The time and the timers a part may use. */
export interface Clock {
  /** Wall time, unix milliseconds; it may jump. */
  now(): number;
  /** Monotonic time, milliseconds from an arbitrary start: for durations. */
  steady(): number;
  /** Calls `fn` once, `ms` from now. */
  after(ms: number, fn: () => void): Cancel;
  /** Calls `fn` every `ms`; the first time at the latest a quarter later than that, maybe sooner. */
  every(ms: number, fn: () => void): Cancel;
}

/** The real clock. Its timers don't keep a process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  steady: () => performance.now(),
  after(ms, fn) {
    const timer = setTimeout(fn, Math.min(ms, 2_147_483_647));
    timer.unref();
    return () => clearTimeout(timer);
  },
  every(ms, fn) {
    if (ms >= TOGETHER_MS) return together(ms, fn);
    const timer = setInterval(fn, ms);
    timer.unref();
    return () => clearInterval(timer);
  },
};

/** From this period on, timers run together. */
const TOGETHER_MS = 1_000;

/**
 * Calls `fn` at the multiples of its period in steady time. All that looks at something each second does so in one moment: a
 * process at rest wakes up once for it, not once for each of them.
 */
function together(ms: number, fn: () => void): Cancel {
  let timer: ReturnType<typeof setTimeout>;
  const wait = (): void => {
    const now = performance.now();
    // A timer that fires a little before its time does not count as having the next one still ahead.
    const next = (Math.floor(now / ms + 0.25) + 1) * ms;
    timer = setTimeout(run, Math.ceil(next - now));
    timer.unref();
  };
  const run = (): void => {
    wait();
    fn();
  };
  wait();
  return () => clearTimeout(timer);
}

/** A clock whose timers all end together: for a part that is started and stopped as a whole. */
export function scopedClock(clock: Clock): Clock & { readonly end: () => void } {
  const running = new Set<Cancel>();
  let ended = false;
  const keep = (begin: (done: () => void) => Cancel): Cancel => {
    if (ended) return () => undefined;
    const cancel = begin(() => running.delete(end));
    const end = (): void => {
      running.delete(end);
      cancel();
    };
    running.add(end);
    return end;
  };
  return {
    now: () => clock.now(),
    steady: () => clock.steady(),
    after: (ms, fn) =>
      keep((done) =>
        clock.after(ms, () => {
          done();
          fn();
        }),
      ),
    every: (ms, fn) => keep(() => clock.every(ms, fn)),
    end() {
      ended = true;
      for (const cancel of [...running]) cancel();
    },
  };
}
