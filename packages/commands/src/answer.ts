// What a command takes and returns: the same for a terminal, a hook and a tool.
import type { Home } from "@agora/user-config";
import type { IpcCode, RequestArgs, RequestName, Results, Via } from "@agora/ipc";
import type { Failure, Result } from "@agora/protocol";

/** The result of a successful command: `data` is what `--json` prints, `lines` what a person reads. */
export interface Done<T = unknown> {
  readonly ok: true;
  readonly data: T;
  readonly lines: readonly string[];
}

/** The result of a command; a failure was refused or went wrong, with one sentence. */
export type Answer<T = unknown> = Done<T> | Failure;

/** The part of a daemon's client that commands need. */
export interface DaemonPort {
  request<N extends RequestName>(
    name: N,
    args: RequestArgs<N>,
    options?: { readonly timeoutMs?: number },
  ): Promise<Result<Results[N], IpcCode>>;
  /** Settles when the daemon is gone. */
  readonly closed: Promise<void>;
}

/** How text is coloured; a surface without colours leaves it unchanged. */
export interface Paint {
  readonly dim: (text: string) => string;
  readonly bold: (text: string) => string;
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly name: (text: string) => string;
  /** Black on white, whatever colours the terminal has: for a QR code. */
  readonly ink: (text: string) => string;
}

/** Questions to the person at a terminal; other surfaces can't ask. */
export interface Ask {
  /** A secret, typed without echo: a room's token or an invite. Undefined when the person gave up. */
  secret(message: string): Promise<string | undefined>;
  /** A yes or no; no when the person gave up. */
  yes(message: string): Promise<boolean>;
}

/** What a terminal can give a command besides its words. */
export interface Terminal {
  /** All of standard input; reads no further than `maxChars`. Undefined when it is the terminal itself. */
  readonly input: (maxChars: number) => Promise<string | undefined>;
  /** Shows the person something besides the answer. */
  readonly warn: (sentence: string) => void;
  /** How many characters fit into a line of what `warn` shows; undefined where that is not a terminal, or one that draws nothing. */
  readonly columns?: number | undefined;
}

/** Everything a command may know about its surroundings. */
export interface CommandContext {
  readonly via: Via;
  /** The project's real path. */
  readonly project: string;
  /** Where the command was given: relative file names start here. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: Home;
  readonly version: string;
  readonly now: () => number;
  /** The project's daemon, started if the project is joined and no daemon is running. Found again after a stop. */
  readonly daemon: () => Promise<Result<DaemonPort>>;
  /** The project's daemon, only if it is running. */
  readonly running: () => Promise<Result<DaemonPort>>;
  /** The daemon after it has handed over to a new process of this version or a newer one. */
  readonly renew: () => Promise<Result<DaemonPort>>;
  /** This program's executable; undefined when nobody could type a path to it. */
  readonly entry?: string | undefined;
  /** How a person types a command here: `agora ` in a terminal, `/agora:` in Claude Code. */
  readonly prefix: string;
  readonly paint?: Paint | undefined;
  readonly ask?: Ask | undefined;
  /** Only for a command typed in a terminal. */
  readonly terminal?: Terminal | undefined;
}
