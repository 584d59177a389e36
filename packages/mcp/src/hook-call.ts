// What happens in a client and what we answer, in our own terms. An adapter per client (`claude-hooks.ts`) reads the one and
// writes the other: each client has its own shapes, and some reject an answer because of one unknown field.

/** A moment of a session that a client reports. */
export type HookCall = HookMoment & {
  /** The session's id; "" if the client didn't say. */
  readonly session: string;
  /** The session's directory, if the client tells it. */
  readonly dir?: string;
};

type HookMoment =
  /** A session begins or resumes; `source`: startup, resume, clear, compact. */
  | { readonly moment: "start"; readonly source: string }
  /** A turn is about to begin. `wake`: caused by a notification, not by a person's words. */
  | { readonly moment: "prompt"; readonly prompt: string; readonly id?: string; readonly wake: boolean }
  /** One of our commands is about to become a prompt: same words and same id as at its `prompt` moment. */
  | { readonly moment: "command"; readonly prompt: string; readonly id?: string }
  | { readonly moment: "tool" }
  /** The client asks its person whether a tool may run. */
  | { readonly moment: "permission" }
  /** The person interrupted the turn. */
  | { readonly moment: "break" }
  | { readonly moment: "stop" };

/** A moment we are only told about: the person's decision isn't ours to answer. */
export type ToldCall = HookCall & { readonly moment: "permission" | "break" };
/** A moment we may have something to say about. */
export type AnsweredCall = Exclude<HookCall, { readonly moment: "permission" | "break" }>;

/** Whether we are only told. */
export function isTold(call: HookCall): call is ToldCall {
  return call.moment === "permission" || call.moment === "break";
}

/** What we want the client to do. */
export type HookAnswer =
  | { readonly answer: "nothing" }
  /**
   * For the person: the prompt goes no further. `repeat`: what they typed is worth keeping on the screen, below the text.
   */
  | { readonly answer: "block"; readonly text: string; readonly repeat?: true }
  /**
   * For the model, in addition to what it gets anyway; at the end of a turn it keeps the turn going. `shown`: one line for
   * the person, if it contains a peer's words.
   */
  | { readonly answer: "context"; readonly text: string; readonly shown?: string };

/** The `_meta` of a call. */
export type CallMeta = Readonly<Record<string, unknown>> | undefined;

/** One client's hook format. */
export interface HookDialect {
  /** How a person types our commands there. */
  readonly prefix: string;
  /** Whether a call with this `_meta` comes from the client's hooks; a model's call must never pass for one. */
  readonly isHook: (meta: CallMeta) => boolean;
  /** Reads the input of the hook tool; undefined if it isn't for us (something a subagent did, an unknown event). */
  read(input: Readonly<Record<string, unknown>>, meta?: CallMeta): HookCall | undefined;
  /** Writes the answer as the JSON the client expects. */
  write(call: AnsweredCall, answer: HookAnswer): object;
}
