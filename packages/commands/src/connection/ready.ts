/** How long a person is kept waiting for the relay's first word; the daemon goes on after it. */
export const READY_TIMEOUT_MS = 8_000;
