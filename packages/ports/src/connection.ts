// A connection to a relay: whole frames out and in, and an end with a code. It knows nothing of sessions or reconnecting.

/** The events a connection reports to its user. */
export interface ConnectionEvents {
  /** `peer`: the other end's `address:port`, where the platform tells. */
  readonly opened: (peer?: string) => void;
  readonly text: (frame: string) => void;
  readonly binary: (frame: Uint8Array) => void;
  /** Any sign of life from the other side, a ping too. */
  readonly alive: () => void;
  /** The end, exactly once; 1006 when the connection was lost or never made. */
  readonly closed: (code: number, reason: string) => void;
}

export interface Connection {
  /** Queues one frame; does nothing after the end. */
  send(frame: string | Uint8Array): void;
  /** Bytes queued but not yet given to the system. */
  readonly unsent: number;
  /** Asks the other side for a sign of life; `alive` follows. */
  ping(): void;
  /** Ends the connection; `closed` follows even when the other side is silent. */
  close(code: number, reason: string): void;
}

/** Opens a connection to `url`. */
export type Dial = (url: string, events: ConnectionEvents) => Connection;
