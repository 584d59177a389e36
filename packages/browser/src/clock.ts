// The browser's clock.
import type { Clock } from "@agora/ports";

const MAX_MS = 2_147_483_647;

export const browserClock: Clock = {
  now: () => Date.now(),
  steady: () => performance.now(),
  after(ms, fn) {
    const timer = setTimeout(fn, Math.min(ms, MAX_MS));
    return () => clearTimeout(timer);
  },
  every(ms, fn) {
    const timer = setInterval(fn, ms);
    return () => clearInterval(timer);
  },
};
