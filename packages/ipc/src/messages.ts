// The local language between a surface (command, tool, hook, console) and its project's daemon: every request with its
// arguments, every result. A surface has no logic of its own; two surfaces that want the same thing send the same request.
import type {
  Address,
  Choice,
  ControlAct,
  DeliveryState,
  FileCode,
  GrantRole,
  Limits,
  Question,
  Rate,
  Role,
  SeatFacts,
} from "@agora/protocol";
import type { infer as Infer } from "zod/mini";
import type { requestSchemas } from "./request-schemas.ts";

/**
 * The way a request came in. The daemon derives the role from it, nobody claims one: `hook` and `console` carry what a
 * person typed; `dialog` what a model proposed and the person approved in the client's own dialog; `cli` a person's
 * terminal; `shell` the CLI inside an agent's shell; `tool` a model's tool call.
 */
export const VIAS = ["hook", "console", "dialog", "cli", "shell", "tool"] as const;
export type Via = (typeof VIAS)[number];

/** The requests that take `once`, an id of the caller's: asked again with it they do nothing a second time. `say` has its `id`. */
export const ONCE_REQUESTS = [
  "accept",
  "reject",
  "append",
  "control",
  "grant",
  "ask",
  "answer",
  "withdraw",
  "decide",
  "more",
  "channel",
] as const satisfies readonly RequestName[];

/** The role that a way in gives. */
export function roleOf(via: Via): Role {
  return via === "tool" || via === "shell" ? "agent" : "user";
}

export type RequestName = keyof typeof requestSchemas;
export type RequestArgs<N extends RequestName> = Infer<(typeof requestSchemas)[N]>;

/** Where one event is on its way to one recipient. */
export interface Delivery {
  readonly member: string;
  readonly state: DeliveryState;
  readonly reason?: string;
  readonly seat?: string;
  readonly at?: number;
}

/** One event as people and models are shown it; the text is the author's, unchanged (make it harmless before showing). */
export interface Line {
  readonly id: string;
  readonly thread: string;
  readonly author: string;
  readonly seat?: string;
  readonly role: Role;
  readonly kind: string;
  readonly to: readonly Address[];
  /** The channel it was said in. */
  readonly channel?: string;
  readonly text: string;
  /** The author's clock, unix milliseconds. */
  readonly time: number;
  /** When this daemon wrote it down, unix milliseconds. */
  readonly at: number;
  readonly stamp?: string;
  readonly hop: number;
  readonly about?: { readonly how: string; readonly id: string };
  readonly file?: FileState;
  readonly mine: boolean;
  /** A question to this member's person. */
  readonly question?: { readonly urgent?: true };
  /** An operator's word: a control whose grant holds. */
  readonly control?: LineControl;
  /** Why it was kept and is handed to nobody: a stop was in force, the control has no grant, …. */
  readonly withheld?: string;
}

/** What a line decides, for surfaces that show more than its text. */
export interface LineControl {
  readonly act: ControlAct;
  readonly member?: string;
  readonly seat?: string;
  readonly reason?: string;
  readonly rate?: Rate;
}

/** An operator's decision that is in force. */
export interface ControlInForce {
  /** The operator's name. */
  readonly by: string;
  readonly at: number;
  readonly reason?: string;
}

/** A channel inside the room. What is said and decided there is known to those in it alone. */
export interface ChannelState {
  readonly name: string;
  readonly joined: boolean;
  readonly unread: number;
  /** Who is in it now, with oneself. */
  readonly members: readonly string[];
  readonly topic?: string;
  /** Who opened it first. */
  readonly convener?: string;
  /** This member may set its topic, remove and admit. */
  readonly mine?: true;
  /** Members who were removed and still say that they are in it. */
  readonly removed?: readonly string[];
}

/** What operators decided about one member. */
export interface MemberControls {
  /** The name it had then; "" when only the key is known. */
  readonly name: string;
  readonly key?: string;
  readonly paused?: ControlInForce;
  readonly banned?: ControlInForce;
  readonly rate?: Rate;
}

/** One chain: what followed by automatic turns from something a person typed. */
export interface ChainState {
  /** The id of the event it began with. */
  readonly chain: string;
  readonly thread?: string;
  readonly turns: number;
  readonly limit: number;
  readonly stopped: boolean;
  /** The members whose agents took the latest turns, in order. */
  readonly path: readonly string[];
  /** A loop that shows, in words. */
  readonly pattern?: string;
}

/** A file of an event: what was offered and how far it is here. */
export interface FileState {
  readonly name: string;
  readonly size: number;
  readonly sha256: string;
  readonly state: "offered" | "receiving" | "stored" | "sent" | "failed";
  readonly received?: number;
  /** Where it lies, from the project's root. */
  readonly path?: string;
  /** Why it waits or failed: one sentence, and as a word. */
  readonly reason?: string;
  readonly code?: FileCode | "away" | "turn";
  /** Of one's own file: how far each of those who may have it is. */
  readonly recipients?: readonly FileRecipient[];
}

/** How far one's own file is at one recipient. */
export interface FileRecipient {
  readonly member: string;
  readonly state: "waiting" | "sending" | "done" | "refused";
  /** Bytes it has confirmed; while it is being sent. */
  readonly sent?: number;
  readonly reason?: string;
}

/** One step of a file's way, for whoever watches: the own file being copied and sent to a member, another's coming in. */
export interface FileProgress {
  /** The offer's event. */
  readonly id: string;
  readonly name: string;
  readonly size: number;
  readonly step: "copying" | "sending" | "receiving" | "waiting" | "done" | "failed";
  readonly bytes: number;
  /** To whom it goes; not there for files that come in. */
  readonly member?: string;
  readonly reason?: string;
}

/** An open inbox item. */
export interface InboxItem {
  readonly thread: string;
  readonly id: string;
  readonly from: string;
  readonly role: Role;
  readonly text: string;
  readonly at: number;
  /** `open`: waits for a person; `auto`: a seat is answering; `accepted`: handed over, not answered yet. */
  readonly state: "open" | "auto" | "accepted";
  /** It waits for the person: what every count of the inbox counts. */
  readonly waits?: true;
  readonly seat?: string;
  /** Why it waits here although the mode is auto: `hop limit`, `too old`, `no answer`, `author bound`. */
  readonly reason?: string;
  readonly answers?: string;
  /** It refuses what it answers; the text is the reason. */
  readonly rejected?: true;
  readonly file?: FileState;
  /** The channel it was said in. */
  readonly channel?: string;
  /**
   * `card`: a question of the daemon itself: shall this chain go on? Answered by `more` or `reject`; never accepted.
   * `question`: somebody asks the person; answered by `answer` or `reject`, never accepted.
   */
  readonly kind?: "card" | "question";
  readonly question?: QuestionState;
  readonly card?: ChainState;
}

/** An answer to a question; `words` are the labels of what was picked and the own words, as they are shown. */
export interface AnswerState {
  readonly by: string;
  readonly at: number;
  readonly picked: readonly string[];
  readonly text?: string;
  readonly words: string;
}

/** A question to people, and how it stands. */
export interface QuestionState {
  readonly id: string;
  readonly thread: string;
  readonly from: string;
  readonly seat?: string;
  readonly role: Role;
  /** Who is asked. */
  readonly to: readonly string[];
  readonly text: string;
  readonly pick: Question["pick"];
  readonly choices?: readonly Choice[];
  /** Own words will do as well. */
  readonly other?: true;
  readonly urgent?: true;
  /** What the asker does when the time is over. */
  readonly otherwise?: string;
  readonly at: number;
  /** When its time is over by the clock of the daemon's machine, and how long that was away when this was told, milliseconds. */
  readonly expires?: number;
  readonly leftMs?: number;
  /** `sent`: answered here; the answer is on its way. */
  readonly state: "open" | "sent" | "answered" | "refused" | "expired" | "withdrawn";
  /** Whether this member asks, and whether this member's person is asked. */
  readonly mine: boolean;
  readonly forMe: boolean;
  readonly answer?: AnswerState;
  /** Answers that came too late. */
  readonly late?: readonly AnswerState[];
}

/** Something that was decided: `asked` is the question it answers. */
export interface DecisionState {
  readonly id: string;
  readonly thread: string;
  readonly by: string;
  readonly at: number;
  readonly title: string;
  readonly text?: string;
  readonly asked?: QuestionState;
}

export interface Member {
  readonly name: string;
  readonly you: boolean;
  readonly online: boolean;
  readonly since?: number;
  readonly key: string;
  readonly grant?: GrantRole;
  readonly kind?: "person" | "agent";
  readonly owner?: string;
  readonly client?: string;
  readonly host?: string;
  readonly dir?: string;
  readonly branch?: string;
  readonly status?: string;
  readonly mode?: "manual" | "auto";
  readonly seats: readonly SeatFacts[];
  /** The channels it is in now, when it is in any. */
  readonly channels?: readonly string[];
  /** Nothing was heard of it for long; it is not put out for that. */
  readonly idle?: true;
  /** An operator holds it. */
  readonly paused?: true;
  /** The key it shows now is not the one pinned: everything from it is refused until `trust`. */
  readonly keyChanged?: boolean;
}

/** When the model of an own seat last showed that a way to reach it works. */
export interface ProvenRung {
  readonly seat: string;
  readonly rung: string;
  readonly at: number;
}

export interface ConnectionState {
  readonly state: "joined" | "connecting" | "refused" | "stopped";
  readonly relay: string;
  readonly room: string;
  readonly name: string;
  readonly reason?: string;
  readonly retryInMs?: number;
}

/** The result of every request. */
export interface Results {
  readonly ready: {
    readonly name: string;
    readonly room: string;
    readonly relay: string;
    readonly mode: "manual" | "auto";
    readonly online: readonly string[];
    /** The key that the relay proved. */
    readonly relayKey?: string;
  };
  readonly say: {
    readonly id: string;
    readonly thread: string;
    readonly role: Role;
    readonly to: readonly string[];
    /** The channel it was said in. */
    readonly channel?: string;
    readonly deliveries: readonly Delivery[];
    /** `queued` with a reason when it waits (relay away, rate, pause); `relayed` when the relay stamped it in time. */
    readonly state: "queued" | "relayed";
    readonly reason?: string;
    /** Things the author should know: a seat that ended, a recipient that is away. */
    readonly notes: readonly string[];
    readonly file?: FileState;
  };
  readonly who: {
    readonly room: string;
    readonly you: string;
    readonly connection: ConnectionState;
    readonly members: readonly Member[];
    /** How many more are known and away. */
    readonly left?: number;
    /** As in `status`. */
    readonly rungs?: readonly ProvenRung[];
  };
  readonly whoami: {
    readonly name: string;
    readonly key: string;
    readonly room: string;
    readonly relay: string;
    readonly seat?: string;
    readonly mode: "manual" | "auto";
    readonly grant?: GrantRole;
  };
  readonly inbox: { readonly items: readonly InboxItem[] };
  readonly accept: {
    readonly item: InboxItem;
    /** What else waited in the thread and was accepted with it, oldest first. */
    readonly others?: readonly InboxItem[];
    readonly lines: readonly Line[];
    readonly extra?: string;
    readonly seat?: string;
    /** Nothing was handed over: a file that is not in the inbox will be fetched. */
    readonly fileOnly?: true;
  };
  readonly reject: {
    readonly thread: string;
    readonly id: string;
    readonly to: readonly string[];
    readonly state: "queued" | "relayed";
  };
  readonly append: Results["say"];
  readonly mode: { readonly mode: "manual" | "auto"; readonly changed: boolean };
  readonly history: { readonly lines: readonly Line[]; readonly more: boolean };
  readonly status: {
    readonly daemon: {
      readonly pid: number;
      readonly version: string;
      readonly startedAt: number;
      readonly project: string;
    };
    readonly connection: ConnectionState;
    readonly mode: "manual" | "auto";
    readonly hopLimit: number;
    readonly inbox: number;
    readonly queued: number;
    readonly seats: readonly SeatFacts[];
    /** One's own latest directed events (or the one asked for), newest first. */
    readonly events: readonly {
      readonly id: string;
      readonly thread: string;
      readonly text: string;
      readonly at: number;
      readonly state: "queued" | "relayed" | "rejected";
      readonly reason?: string;
      readonly deliveries: readonly Delivery[];
      readonly file?: FileState;
    }[];
    readonly notices: readonly string[];
    /** The room's limits, as the relay told them. */
    readonly limits?: Limits;
    /** When the model of a seat last showed a sign of what came by a rung: wake, stop, tool, prompt. */
    readonly rungs: readonly ProvenRung[];
  };
  readonly wait: {
    readonly items: readonly InboxItem[];
    readonly timedOut: boolean;
    /** Waiting on is of no use: an operator stopped the room, in our words. */
    readonly stopped?: string;
    /** Waiting on is of no use: the relay refuses this member for good, and why. */
    readonly refused?: string;
  };
  readonly watch: {
    /** The newest line's id, "" when there is none: what to come back with. */
    readonly last: string;
    /** More was missed than is given again. */
    readonly cut?: boolean;
  };
  readonly trust: { readonly name: string; readonly key: string; readonly changed: boolean };
  readonly control: {
    readonly id: string;
    readonly act: ControlAct;
    readonly member?: string;
    readonly seat?: string;
    readonly key?: string;
    readonly state: "queued" | "relayed";
    readonly reason?: string;
    /** What a ban bars: the key, the name, the id of the grant; and what it can't, in sentences. */
    readonly barred?: { readonly key: string; readonly name: string; readonly grantId?: string };
    readonly notes?: readonly string[];
  };
  readonly controls: {
    /** Whether this member may control. */
    readonly operator: boolean;
    /** Whether this machine holds the room's root key, so that `grant` can be used. */
    readonly owner: boolean;
    readonly stopped?: ControlInForce;
    readonly paused?: ControlInForce;
    /** For all; not there while the relay's own is in force. */
    readonly rate?: Rate;
    readonly members: readonly MemberControls[];
  };
  readonly grant: { readonly name: string; readonly key: string; readonly id: string; readonly expires?: number };
  readonly ask: {
    readonly id: string;
    readonly thread: string;
    /** Who is asked. */
    readonly to: readonly string[];
    readonly expires: number;
    readonly state: "queued" | "relayed";
    readonly reason?: string;
    readonly notes: readonly string[];
    /** How it stands; when it was waited for, how it ended. */
    readonly question?: QuestionState;
  };
  readonly answer: {
    readonly id: string;
    readonly question: QuestionState;
    readonly state: "queued" | "relayed";
    readonly reason?: string;
    /** The answer in words. */
    readonly words: string;
  };
  readonly questions: {
    /** Waiting for this person, and asked by this member and open: oldest first. */
    readonly waiting: readonly QuestionState[];
    readonly asked: readonly QuestionState[];
    /** Answered, ended or on its way lately, newest first. */
    readonly lately: readonly QuestionState[];
  };
  readonly withdraw: { readonly id: string; readonly state: "queued" | "relayed" };
  readonly decide: { readonly id: string; readonly thread: string; readonly state: "queued" | "relayed" };
  /** Newest first. */
  readonly decisions: { readonly decisions: readonly DecisionState[]; readonly more: boolean };
  readonly more: { readonly chain: string; readonly turns: number; readonly limit: number };
  readonly chains: { readonly chains: readonly ChainState[] };
  readonly channels: { readonly channels: readonly ChannelState[] };
  readonly channel: {
    readonly channel: string;
    readonly act: "open" | "join" | "leave" | "topic" | "remove" | "admit";
    /** Nothing had to be done: it was so already. */
    readonly unchanged?: true;
    readonly members: readonly string[];
    readonly topic?: string;
    /** `queued` with a reason when the others hear of it later. */
    readonly state: "queued" | "relayed";
    readonly reason?: string;
    readonly notes: readonly string[];
  };
  readonly busy: { readonly text?: string };
  /** `ms` is not there when no answer came in time. */
  readonly ping: { readonly name: string; readonly online: boolean; readonly ms?: number };
  readonly console: { readonly url: string };
  readonly stop: { readonly name: string; readonly room: string };
  /** Whether it leaves: it does when the connection ends. */
  readonly handOver: { readonly leaving: boolean };
  readonly attach: SeatState;
  readonly resession: SeatState;
  readonly waiting: Record<string, never>;
  readonly prompt: Handed;
  readonly sign: Handed;
  readonly turnEnd: Handed & { /** The mention that keeps the turn going. */ readonly mention?: Line };
  readonly breakOff: Record<string, never>;
  readonly detach: Record<string, never>;
  readonly sessionStart: SeatState & Handed;
  readonly probeWake: { readonly seat: string; readonly proven: boolean; readonly reason?: string };
  readonly bringWord: { readonly known: boolean };
  readonly awaitWake: { readonly wake: boolean; readonly count: number; readonly from: readonly string[] };
}

export interface SeatState {
  readonly name: string;
  readonly seat: string;
  readonly room: string;
  readonly mode: "manual" | "auto";
  readonly connection: ConnectionState;
  readonly inbox: number;
}

/** What a seat is given to show its model. `again` marks what was handed before and not seen. */
export interface Handed {
  readonly items: readonly {
    readonly line: Line;
    readonly again: boolean;
    /** Asked of this seat now (auto mode or accepted). */ readonly asked: boolean;
  }[];
  /** Waiting for the person, not handed for acting on: in manual mode each mention is shown once and stays in the inbox. */
  readonly inbox: number;
  /** Older lines that were left out because there were too many. */
  readonly skipped: number;
  /** A person tests whether this session can be woken: the word that its model brings back. */
  readonly word?: string;
  /** The operator's brakes that this seat was not told of yet, in this daemon's own words. */
  readonly notices?: readonly string[];
}

/** Pushed by the daemon without being asked. */
export type Push =
  /** Something new waits for this seat (or nothing any more): lets a hook answer without asking. */
  | { readonly push: "unread"; readonly count: number }
  | { readonly push: "line"; readonly line: Line }
  /** To sessions that watch, and to the one that said the file; a few a second at most. */
  | { readonly push: "file"; readonly file: FileProgress }
  | { readonly push: "connection"; readonly connection: ConnectionState }
  /** To sessions that watch: an operator decided something. */
  | { readonly push: "controls"; readonly controls: Results["controls"] }
  /** The daemon has left for a newer one: connect again. */
  | { readonly push: "moved" };

/** The words of a refused request. */
export type IpcCode =
  | "bad-request"
  | "unknown-recipient"
  | "unknown-thread"
  | "unknown-channel"
  | "ambiguous"
  | "empty"
  | "too-long"
  | "bad-file"
  | "quota"
  /** An id that already stands for another request. */
  | "reused"
  | "not-allowed"
  | "not-joined"
  | "refused"
  | "timeout"
  | "gone"
  | "stopped"
  | "disk"
  | "key-changed"
  | "moved"
  | "older-version"
  | "wrong-version"
  | "internal";
