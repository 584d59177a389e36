/** How long a person is kept waiting for the relay's first answer; the daemon keeps trying after that. */
export const READY_TIMEOUT_MS = 8_000;
