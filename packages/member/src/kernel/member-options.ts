// What a member of a room is made of, and the world it lives in: a project's folder, or a browser.
import type { Mode, Pins, Settings } from "@agora/user-config";
import type { RelayPins } from "@agora/link";
import type { Clock, Dial, Log } from "@agora/ports";
import type { Facts, LaterSigner, LaterVerifier, Result, Signer, Verifier } from "@agora/protocol";
import type { InviteKeys } from "./invite-keys.ts";
import type { Owner } from "./room-owner.ts";
import type { FilesDisk } from "./files-disk.ts";
import type { CollectFacts } from "./own-presence.ts";
import type { PersonKeys } from "./person-keys.ts";
import type { Store } from "./store.ts";

/** All that a member is made of. */
export interface MemberOptions {
  /** The member's name, and the folder that files are named from and sent from. */
  readonly project: { readonly path: string; readonly name: string };
  readonly settings: Settings;
  /** What presence tells otherwise than a project's daemon does. */
  readonly facts?: Partial<Facts>;
  /** Keeps the mode the person chose, for the next start. */
  readonly keepMode?: (mode: Mode) => Promise<Result<unknown>>;
  /** Where what it keeps lies, as people call it. */
  readonly folder: { readonly path: string };
  readonly store: Store;
  readonly pins: Pins;
  readonly signer: Signer | LaterSigner;
  /** The keys of the person whose member it is; without them it is a name and a key. */
  readonly person?: PersonKeys;
  readonly verifier: Verifier;
  /** Checks what other members hand on beside the event loop; without it each event is checked when it comes. */
  readonly laterVerifier?: LaterVerifier;
  readonly dial: Dial;
  /** What is kept of the relay's key; by default as long as the member lives. */
  readonly relayPins?: RelayPins;
  readonly clock: Clock;
  readonly log: Log;
  /** Chance, for whoever wants to see the same again. */
  readonly random?: () => number;
  readonly version: string;
  /** Keys of invites that name nobody; without them none is made nor claimed here. */
  readonly inviteKeys?: InviteKeys;
  /** Keeps the grant by which this member was let in, for the next start. */
  readonly keepToken?: (token: string) => Promise<Result<unknown>>;
  /** The room's root key, in the home of its owner. */
  readonly owner?: Owner | undefined;
}

/** Where a member is live. */
export interface World {
  readonly files: FilesDisk;
  readonly facts: CollectFacts;
  /** Timers may come late without the machine having slept. */
  readonly timersMayLag?: boolean;
  /** What people should know of the disk, as sentences. */
  readonly notices?: () => readonly string[];
  /** Keeps the list of members, as JSON for people. */
  readonly keepPresence: (text: string) => Promise<void>;
}
