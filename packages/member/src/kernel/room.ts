// One room, live, as the handlers use it; create-room.ts wires it.
import type { Mode, Pins, Settings } from "@agora/home";
import type { ConnectionState, Line } from "@agora/ipc";
import type { RelayPins } from "@agora/link";
import type { Clock, Dial, Log } from "@agora/ports";
import type {
  Control,
  Facts,
  GrantRole,
  LaterVerifier,
  Limits,
  LaterSigner,
  OpenEvent,
  Result,
  Signer,
  Verifier,
} from "@agora/protocol";
import type { InboxDispatcher, ReplyLimits } from "../inbox/dispatcher.ts";
import type { EventFactory } from "./event-factory.ts";
import type { ChainKeeper } from "../chains/keeper.ts";
import type { Channels } from "../channels/keeper.ts";
import type { Controls } from "../controls/keeper.ts";
import type { FilesDisk } from "../files/disk.ts";
import type { RoomFiles } from "../files/keeper.ts";
import type { Members } from "./members.ts";
import type { CollectFacts } from "./own-presence.ts";
import type { Outbox } from "./outbox/outbox.ts";
import type { Owner } from "../controls/room-owner.ts";
import type { QuestionKeeper } from "../questions/keeper.ts";
import type { RoomTime } from "./room-time.ts";
import type { Seats } from "../seats/keeper.ts";
import type { Store } from "./store.ts";

/** All that a room is made of. */
export interface RoomOptions {
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
  readonly verifier: Verifier;
  /** Checks what other members hand on beside the event loop; without it each event is checked when it comes. */
  readonly laterVerifier?: LaterVerifier;
  readonly dial: Dial;
  /** What is kept of the relay's key; by default as long as the room lives. */
  readonly relayPins?: RelayPins;
  readonly clock: Clock;
  readonly log: Log;
  /** Chance, for whoever wants to see the same again. */
  readonly random?: () => number;
  readonly version: string;
  /** The room's root key, in the home of its owner. */
  readonly owner?: Owner | undefined;
}

/** Where a room is live: a project's folder, or a browser. */
export interface RoomWorld {
  readonly files: FilesDisk;
  readonly facts: CollectFacts;
  /** Timers may come late without the machine having slept. */
  readonly timersMayLag?: boolean;
  /** What people should know of the disk, as sentences. */
  readonly notices?: () => readonly string[];
  /** Keeps the list of members, as JSON for people. */
  readonly keepPresence: (text: string) => Promise<void>;
}

/** A live room as the handlers use it. */
export interface Room {
  readonly me: string;
  readonly myKey: string;
  readonly project: string;
  readonly room: string;
  readonly relay: string;
  readonly store: Store;
  readonly pins: Pins;
  readonly clock: Clock;
  /** The relay's clock, by which is counted what all have to see alike. */
  readonly roomTime: RoomTime;
  readonly members: Members;
  readonly outbox: Outbox;
  readonly author: EventFactory;
  readonly attention: InboxDispatcher;
  readonly seats: Seats;
  readonly files: RoomFiles;
  readonly controls: Controls;
  readonly channels: Channels;
  readonly chains: ChainKeeper;
  readonly questions: QuestionKeeper;
  /** The member whose person answers for this one: its owner, as it tells the room, else itself. */
  readonly human: () => string;
  readonly owner: Owner | undefined;
  /** The relay's key, once it has proved one. */
  readonly relayKey: () => string | undefined;
  /** The operator's grant of this member, when it has one. */
  readonly operatorGrant: () => string | undefined;
  /** Whether this member is an operator, by its grant or by the relay's word. */
  readonly mayControl: () => boolean;
  /** Carries an own control out here, before the relay has taken it. */
  readonly obey: (event: OpenEvent, control: Control) => void;
  /** Tells the room what this member is busy with. */
  readonly setDoing: (text: string | undefined) => void;
  readonly brakes: () => ReplyLimits & { readonly chainBudget: number };
  readonly limits: () => Limits;
  readonly maxFileBytes: () => number;
  readonly grant: () => GrantRole | undefined;
  readonly notices: () => readonly string[];
  readonly forgetNotice: (key: string) => void;
  readonly connection: () => ConnectionState;
  /** Calls back at every change of the connection, and for every kept event. */
  readonly onConnection: (fn: () => void) => () => void;
  readonly onLine: (fn: (line: Line) => void) => () => void;
  /** Calls back when an operator decided something, and when receipts came. */
  readonly onControls: (fn: () => void) => () => void;
  readonly onReceipts: (fn: () => void) => () => void;
  /** Calls back whenever the inbox may have changed. */
  readonly onInbox: (fn: () => void) => () => void;
  setMode(mode: "manual" | "auto"): Promise<void>;
  start(): void;
  stop(): void;
}
