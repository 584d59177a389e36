// What was stated about keys, which events were kept before their key was revoked, and which devices a name is known to speak from.
import { putLatest } from "../kernel/latest.ts";
import type { Slice } from "../kernel/slice.ts";
import { type MemberState, whoIs } from "../kernel/state.ts";
import { foldStatement, type HeldStatements, signatureOf, type StatementRecord } from "./fold.ts";

declare module "../kernel/state.ts" {
  interface MemberState {
    readonly keys: HeldStatements;
    /** When each event was kept that counts no more since its key was revoked, by id. */
    readonly disowned: Record<string, number>;
    /** The keys whose events were all marked so, and a hash of up to where each counts. */
    readonly disownedKeys: Record<string, string>;
    /** What this member told of keys itself, by signature: of its own statements, too, only the latest are kept above. */
    readonly toldStatements: Record<string, true>;
    /** The devices that each name is known to speak from, `<name> <device key>`. */
    readonly knownDevices: Record<string, true>;
  }
  interface InRecords {
    readonly keys:
      | ({ readonly op: "key" } & StatementRecord)
      | { readonly op: "disown"; readonly id: string; readonly at: number }
      | { readonly op: "own"; readonly id: string }
      | { readonly op: "disowned-key"; readonly key: string; readonly words: string }
      | { readonly op: "know-device"; readonly name: string; readonly device: string };
  }
}

const MAX_DISOWNED = 5_000;
/** As many as statements are held: one that is pushed out is searched for anew at each start. */
const MAX_DISOWNED_KEYS = 5_000;
const MAX_TOLD = 5_000;
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
  empty: () => ({ keys: {}, disowned: {}, disownedKeys: {}, toldStatements: {}, knownDevices: {} }),
  told({ toldStatements }, { head, body, line, isMine }) {
    if (head.kind === "key" && isMine && line.device !== true)
      putLatest(toldStatements, signatureOf(body), true, MAX_TOLD);
  },
  in: {
    key: (state, record) => foldStatement(state.keys, record, whoIs(state)),
    disown: ({ disowned }, { id, at }) => putLatest(disowned, id, at, MAX_DISOWNED),
    own: ({ disowned }, { id }) => {
      delete disowned[id];
    },
    "disowned-key": ({ disownedKeys }, { key, words }) => putLatest(disownedKeys, key, words, MAX_DISOWNED_KEYS),
    "know-device": ({ knownDevices }, { name, device }) =>
      putLatest(knownDevices, `${name} ${device}`, true, MAX_KNOWN_DEVICES),
  },
};
