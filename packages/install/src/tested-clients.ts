// The clients Agora is tested with, by pinned version. The table is `tested-clients.json`: the tests install and run what it
// lists, the doctor compares with it, and `test/clients/bump.ts` writes it.
import { isNewer } from "@agora/user-config/version-order";
import table from "./tested-clients.json" with { type: "json" };

export interface TestedClient {
  readonly title: string;
  /** Its package in the npm registry. */
  readonly npm: string;
  /** Every test runs with this version. */
  readonly newest: string;
  /** The tests of everyday use run with these as well. */
  readonly older: readonly string[];
}

export type TestedName = keyof typeof table;

export const TESTED_CLIENTS: Readonly<Record<TestedName, TestedClient>> = table;

/** Whether this version is newer than the last one Agora was tested with. */
export function isNewerThanTested(name: TestedName, version: string): boolean {
  return isNewer(version, TESTED_CLIENTS[name].newest);
}
