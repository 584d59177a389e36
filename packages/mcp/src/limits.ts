// Every number of this package, with its unit. The client's own hook timeouts stand in the plugin's hooks.json; each
// deadline here is below its twin there, so that it is we who say what became of a command, not the client's silence.

/** A typed command other than `start`; hooks.json allows UserPromptSubmit 60 s. */
export const COMMAND_DEADLINE_MS = 25_000;
/** `start` may launch a daemon and wait for the relay. */
export const START_DEADLINE_MS = 50_000;
/** What a prompt waits for the daemon, its launch included. */
export const PROMPT_DEADLINE_MS = 5_000;
/** What a tool use waits; hooks.json allows 10 s. */
export const TOOL_DEADLINE_MS = 2_000;
/** What the end of a turn waits; hooks.json allows 20 s. */
export const STOP_DEADLINE_MS = 5_000;
/** How long an answer that hands something over is waited for after its hook went on without it: a daemon may stand still with its machine. */
export const LATE_ANSWER_MS = 30 * 60_000;
/** A model's tool call. */
export const CALL_DEADLINE_MS = 25_000;
/** The session-start command hook; hooks.json allows 20 s. */
export const SESSION_START_DEADLINE_MS = 8_000;
/** The session-end command hook; hooks.json allows 5 s. */
export const SESSION_END_DEADLINE_MS = 1_500;

/** What a hook may hand a model at once: clients put more than 10,000 characters aside. */
export const MAX_CONTEXT_BYTES = 9_500;
/** What a person is shown by a blocked prompt, characters. */
export const MAX_SHOWN_CHARS = 9_500;
/** What a tool result may carry of the room, bytes; more is a call with other arguments. */
export const MAX_RESULT_BYTES = 20_000;

/** The longest `wait` of a model, seconds: some clients end a call after 25 to 30. */
export const MAX_TOOL_WAIT_S = 100;
export const DEFAULT_TOOL_WAIT_S = 20;
/** The longest a question of a model is open, minutes: 30 days. */
export const MAX_ASK_MINUTES = 43_200;
/** Lines that the history tool gives when nothing else is asked for, and at most. */
export const DEFAULT_TOOL_HISTORY = 20;
export const MAX_TOOL_HISTORY = 200;

/** The longest one waits for the word to wake, ms; it is asked again after that. */
export const WAKER_WAIT_MS = 86_400_000;
/** After the client's queue took no message, the next attempt, ms. */
export const WAKER_RETRY_MS = 60_000;
/** What `codex queue` may take, ms. */
export const QUEUE_TIMEOUT_MS = 20_000;
/** A channel that brought no sign of the session after so long is not enabled, ms. */
export const CHANNEL_PROBATION_MS = 15_000;
/** How often in a row the end of a turn is put off without the person: the client itself has no such bound. */
export const MAX_CONTINUED = 8;
/** What a person may take to answer a dialog, ms. */
export const APPROVAL_TIMEOUT_MS = 240_000;

/** How often a waiter looks whether its client still lives. */
export const PARENT_CHECK_MS = 2_000;
/** A waiter's pause after the daemon went away: doubled from the first to the last. */
export const WAITER_BACKOFF_MS = { first: 500, last: 30_000 } as const;
/** How long the daemon must have been away before a waiter brings it back itself. */
export const WAITER_LAUNCH_AFTER_MS = 5_000;
/** For so long after a session's start a waiter may be told off only because its seat is not made yet. */
export const SEAT_GRACE_MS = 15_000;
/** An answer that comes so fast is no other waiter's doing. */
export const AT_ONCE_MS = 1_000;
