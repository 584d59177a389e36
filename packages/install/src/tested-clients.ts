// The clients that Agora is tested with, by their pinned versions. One table, `tested-clients.json`: the tests install and run
// what stands there, the doctor compares with it, and `test/clients/bump.ts` writes it.
import { isNewer } from "@agora/home/version-order";
import table from "./tested-clients.json" with { type: "json" };

export interface TestedClient {
  readonly title: string;
  /** Its package in the npm registry. */
  readonly npm: string;
  /** Every test runs with this one. */
  readonly newest: string;
  /** The tests of the ways that people walk each day run with these as well. */
  readonly older: readonly string[];
}

export type TestedName = keyof typeof table;

export const TESTED_CLIENTS: Readonly<Record<TestedName, TestedClient>> = table;

/** Whether this version came after the last one that Agora was tested with. */
export function isNewerThanTested(name: TestedName, version: string): boolean {
  return isNewer(version, TESTED_CLIENTS[name].newest);
}
