// How a closing relay says goodbye: to a few at once, to many spread over a moment, so that they don't all come back to its
// successor in the same one.
import type { Clock } from "@agora/ports";
import { CLOSE_CODES } from "@agora/protocol";
import type { Connection } from "./connection.ts";

/** So many are told at once. */
const AT_ONCE = 50;
/** For each one above, the moment grows by this, up to the most. */
const PER_CONNECTION_MS = 5;
const MOST_MS = 1_500;

/** How long the goodbyes to so many take. */
export function farewellMs(count: number): number {
  return count <= AT_ONCE ? 0 : Math.min(MOST_MS, (count - AT_ONCE) * PER_CONNECTION_MS);
}

/** Closes every connection with 1001, each at a random time within the moment; resolves when all are told. [CLOSE-5] */
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
