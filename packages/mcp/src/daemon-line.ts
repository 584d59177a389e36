// What this package needs of a line to the project's daemon, and of the user's registry. The real form is in
// `daemon-line-ipc.ts`; the in-memory twin in `scripted-line.ts`.
import type { DaemonPort } from "@agora/commands";
import type { IpcCode, Push } from "@agora/ipc";
import type { Result } from "@agora/protocol";

/** An open line to the daemon. Requests on one line are carried out in the order they were made. */
export interface DaemonLine extends DaemonPort {
  close(): void;
}

/** The project of this session, as far as the user's registry knows it. */
export interface Membership {
  /** The project's real path. */
  readonly project: string;
  /** Whether the person joined a room with it. Cheap: asked at every hook. */
  joined(): boolean;
}

/** Finds the project's daemon; with `launch` it is started when it is away, with `renew` it makes way for a new process. */
export type OpenLine = (options: {
  readonly launch: boolean;
  readonly renew?: boolean;
  readonly onPush: (push: Push) => void;
}) => Promise<Result<DaemonLine, IpcCode>>;
