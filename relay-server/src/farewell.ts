// How a closing relay says goodbye: to a few clients at once, to many spread over a moment, so that they don't all reach its
// successor at the same instant.
import type { Clock } from "@agora/ports";
import { CLOSE_CODES } from "@agora/protocol";
import type { Connection } from "./connection.ts";

/** Up to this many are told at once. */
const AT_ONCE = 50;
/** For each one above that, the moment grows by this, up to the maximum. */
const PER_CONNECTION_MS = 5;
const MOST_MS = 1_500;

/** How long the goodbyes to this many clients take. */
export function farewellMs(count: number): number {
  return count <= AT_ONCE ? 0 : Math.min(MOST_MS, (count - AT_ONCE) * PER_CONNECTION_MS);
}

/**
 * Closes every connection with 1001, each at a random time within the moment; resolves when all have been told. [CLOSE-5]
 */
export async function sayFarewell(
  connections: Iterable<Connection>,
  clock: Clock,
  random: () => number = Math.random,
): Promise<void> {
  const all = [...connections];
  const ms = farewellMs(all.length);
  if (ms === 0) {
    for (const connection of all) connection.close(CLOSE_CODES.goingAway);
    return;
  }
  await Promise.all(
    all.map(
      (connection) =>
        new Promise<void>((resolve) => {
          clock.after(random() * ms, () => {
            connection.close(CLOSE_CODES.goingAway);
            resolve();
          });
        }),
    ),
  );
}
