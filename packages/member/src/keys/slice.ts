// What was stated about keys, which events were kept before their key was revoked, and which devices a name is known to speak from.
import { putLatest } from "../kernel/latest.ts";
import type { Slice } from "../kernel/slice.ts";
import { type MemberState, whoIs } from "../kernel/state.ts";
import { foldStatement, type HeldStatements, type StatementRecord } from "./fold.ts";

declare module "../kernel/state.ts" {
  interface MemberState {
    readonly keys: HeldStatements;
    /** When each event was kept that counts no more since its key was revoked, by id. */
    readonly disowned: Record<string, number>;
    /** The devices that each name is known to speak from, `<name> <device key>`. */
    readonly knownDevices: Record<string, true>;
  }
  interface InRecords {
    readonly keys:
      | ({ readonly op: "key" } & StatementRecord)
      | { readonly op: "disown"; readonly id: string; readonly at: number }
      | { readonly op: "know-device"; readonly name: string; readonly device: string };
  }
}

const MAX_DISOWNED = 5_000;
const MAX_KNOWN_DEVICES = 5_000;

/** Whether a name is known to speak from a device. */
export function isKnownDevice(
  { knownDevices }: Pick<MemberState, "knownDevices">,
  name: string,
  device: string,
): boolean {
  return Object.hasOwn(knownDevices, `${name} ${device}`);
}

export const keysSlice: Slice = {
  empty: () => ({ keys: {}, disowned: {}, knownDevices: {} }),
  in: {
    key: (state, record) => foldStatement(state.keys, record, whoIs(state)),
    disown: ({ disowned }, { id, at }) => putLatest(disowned, id, at, MAX_DISOWNED),
    "know-device": ({ knownDevices }, { name, device }) =>
      putLatest(knownDevices, `${name} ${device}`, true, MAX_KNOWN_DEVICES),
  },
};
