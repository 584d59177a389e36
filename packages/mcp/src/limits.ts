// Every limit of this package, with its unit. The client's own hook timeouts are in the plugin's hooks.json. Each deadline
// here is shorter than its counterpart there, so that we say what became of a command before the client gives up.

/** A typed command of the room; hooks.json allows UserPromptSubmit 60 s. */
export const COMMAND_DEADLINE_MS = 25_000;
/** `start` may launch a daemon and wait for the relay; `doctor` asks the clients' own programs. */
export const START_DEADLINE_MS = 50_000;
/** How long a prompt waits for the connection to the daemon, whose launch alone may take as long on a busy machine. */
export const PROMPT_LINE_DEADLINE_MS = 15_000;
/** How long it then waits for the daemon's answer. */
export const PROMPT_DEADLINE_MS = 5_000;
/** How long a tool use waits for the connection, and again for the answer; hooks.json allows 10 s. */
export const TOOL_DEADLINE_MS = 4_000;
/** How long the end of a turn waits for the connection, and again for the answer; hooks.json allows 20 s. */
export const STOP_DEADLINE_MS = 8_000;
/**
 * How long to wait for an answer that hands something over, after its hook went on without it: a daemon may stall along with
 * its machine.
 */
export const LATE_ANSWER_MS = 30 * 60_000;
/** A model's tool call. */
export const CALL_DEADLINE_MS = 25_000;
/** The session-start command hook; hooks.json allows 20 s. */
export const SESSION_START_DEADLINE_MS = 15_000;
/** The permission command hook, which runs beside the client's dialog; hooks.json allows 20 s. */
export const PERMISSION_DEADLINE_MS = 15_000;
/** The session-end command hook; hooks.json allows 5 s. */
export const SESSION_END_DEADLINE_MS = 1_500;

/** How much a hook may give a model at once: clients put more than 10,000 characters aside. */
export const MAX_CONTEXT_BYTES = 9_500;
/** How much a person is shown by a blocked prompt, characters. */
export const MAX_SHOWN_CHARS = 9_500;
/** How much of the room a tool result may contain, bytes; for more, the model calls again with other arguments. */
export const MAX_RESULT_BYTES = 20_000;

/** A model's longest `wait`, seconds: some clients end a call after 25 to 30. */
export const MAX_TOOL_WAIT_S = 100;
export const DEFAULT_TOOL_WAIT_S = 20;
/** How long a model's question can stay open, minutes: 30 days. */
export const MAX_ASK_MINUTES = 43_200;
/** Lines returned by the history tool by default, and at most. */
export const DEFAULT_TOOL_HISTORY = 20;
export const MAX_TOOL_HISTORY = 200;

/** How long one request waits for a wake-up, ms; it is repeated after that. */
export const WAKER_WAIT_MS = 86_400_000;
/** Pause before the next attempt when the client's queue accepted no message, ms. */
export const WAKER_RETRY_MS = 60_000;
/** How long `codex queue` may take, ms. */
export const QUEUE_TIMEOUT_MS = 60_000;
/** A channel that brought no sign of life within this time isn't enabled, ms. */
export const CHANNEL_PROBATION_MS = 15_000;
/** How often in a row the end of a turn is put off without the person: the client itself has no such limit. */
export const MAX_CONTINUED = 8;
/** How long a person may take to answer a dialog, ms. */
export const APPROVAL_TIMEOUT_MS = 240_000;

/** How often a waiter checks that its client is alive. */
export const PARENT_CHECK_MS = 2_000;
/** A waiter's pause after the daemon went away: doubled from first to last. */
export const WAITER_BACKOFF_MS = { first: 500, last: 30_000 } as const;
/** How long the daemon must have been away before a waiter relaunches it. */
export const WAITER_LAUNCH_AFTER_MS = 5_000;
/** For this long after a session's start a waiter may be turned away just because its seat doesn't exist yet. */
export const SEAT_GRACE_MS = 15_000;
/** An answer that arrives this fast wasn't caused by another waiter. */
export const AT_ONCE_MS = 1_000;
