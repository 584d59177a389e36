// What a command gives back, and what it is given: the same for a terminal, a hook and a tool.
import type { Home } from "@agora/home";
import type { IpcCode, RequestArgs, RequestName, Results, Via } from "@agora/ipc";
import type { Failure, Result } from "@agora/protocol";

/** A command that was done: `data` is what `--json` prints, `lines` what a person reads. */
export interface Done<T = unknown> {
  readonly ok: true;
  readonly data: T;
  readonly lines: readonly string[];
}

/** What a command comes to; a failure was refused or went wrong, with one sentence. */
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

/** How text is coloured; a surface without colours leaves it as it is. */
export interface Paint {
  readonly dim: (text: string) => string;
  readonly bold: (text: string) => string;
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly name: (text: string) => string;
}

/** What a person at a terminal can be asked; the other surfaces have none. */
export interface Ask {
  /** Something secret, typed unseen: a room's token or an invite. Undefined when the person gave up. */
  secret(message: string): Promise<string | undefined>;
  /** A yes or no; no when the person gave up. */
  yes(message: string): Promise<boolean>;
}

/** What a terminal can give a command beside its words. */
export interface Terminal {
  /** All of the standard input; past `maxChars` it is read no further. Undefined when it is the terminal itself. */
  readonly input: (maxChars: number) => Promise<string | undefined>;
  /** Tells the person something beside the answer. */
  readonly warn: (sentence: string) => void;
}

/** All that a command may know of the world around it. */
export interface CommandContext {
  readonly via: Via;
  /** The project's real path. */
  readonly project: string;
  /** Where the command was given: relative file names begin here. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: Home;
  readonly version: string;
  readonly now: () => number;
  /** The project's daemon, started when it is joined and not running. Asked anew after a stop. */
  readonly daemon: () => Promise<Result<DaemonPort>>;
  /** The project's daemon only when it runs. */
  readonly running: () => Promise<Result<DaemonPort>>;
  /** The daemon after it has made way for a new process of this version or a newer one. */
  readonly renew: () => Promise<Result<DaemonPort>>;
  /** The executable of this program; undefined when nobody could type a path to it. */
  readonly entry?: string | undefined;
  /** How a person types a command here: `agora ` in a terminal, `/agora:` in Claude Code. */
  readonly prefix: string;
  readonly paint?: Paint | undefined;
  readonly ask?: Ask | undefined;
  /** Of a command typed in a terminal alone. */
  readonly terminal?: Terminal | undefined;
}
