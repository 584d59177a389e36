// What this package needs of a connection to the project's daemon, and of the user's registry. The real one is in
// `daemon-line-ipc.ts`, its in-memory twin in `scripted-line.ts`.
import type { DaemonPort } from "@agora/commands";
import type { IpcCode, Push } from "@agora/ipc";
import type { Result } from "@agora/protocol";

/** An open connection to the daemon. Its requests are carried out in the order they were made. */
export interface DaemonLine extends DaemonPort {
  close(): void;
}

/** This session's project, as far as the user's registry knows it. */
export interface Membership {
  /** The project's real path. */
  readonly project: string;
  /** Whether the person joined a room with it. Cheap, since every hook asks. */
  joined(): boolean;
}

/** Finds the project's daemon; with `launch` a missing daemon is started, with `renew` it hands over to a new process. */
export type OpenLine = (options: {
  readonly launch: boolean;
  readonly renew?: boolean;
  readonly onPush: (push: Push) => void;
}) => Promise<Result<DaemonLine, IpcCode>>;
