// What happens in a client and what we answer, in our own words. An adapter per client (`claude-hooks.ts`) reads the one
// and writes the other: each client has its own shapes, and some refuse an answer for one unknown field.

/** A moment of a session that a client tells us of. */
export type HookCall = HookMoment & {
  /** The session's id; "" when the client did not say. */
  readonly session: string;
  /** The session's directory, where the client says it. */
  readonly dir?: string;
};

type HookMoment =
  /** A session begins, or begins again; `source`: startup, resume, clear, compact. */
  | { readonly moment: "start"; readonly source: string }
  /** A turn is about to begin. `wake`: by a notification, not by somebody's words. */
  | { readonly moment: "prompt"; readonly prompt: string; readonly id?: string; readonly wake: boolean }
  /** A command of ours is about to become a prompt: the same words, under the same id, as at its `prompt` moment. */
  | { readonly moment: "command"; readonly prompt: string; readonly id?: string }
  | { readonly moment: "tool" }
  /** The client asks its person whether a tool may run. */
  | { readonly moment: "permission" }
  /** The person broke the turn off. */
  | { readonly moment: "break" }
  | { readonly moment: "stop" };

/** A moment that we are only told of: what the person decides there is nothing for us to answer. */
export type ToldCall = HookCall & { readonly moment: "permission" | "break" };
/** A moment that we may have something to say to. */
export type AnsweredCall = Exclude<HookCall, { readonly moment: "permission" | "break" }>;

/** Whether we are only told. */
export function isTold(call: HookCall): call is ToldCall {
  return call.moment === "permission" || call.moment === "break";
}

/** What we want of the client. */
export type HookAnswer =
  | { readonly answer: "nothing" }
  /** For the person's eyes: the prompt goes no further. `repeat`: what they typed is worth keeping on the screen, below it. */
  | { readonly answer: "block"; readonly text: string; readonly repeat?: true }
  /**
   * For the model, beside what it is given anyway; at the end of a turn it keeps the turn going. `shown`: one line for the person,
   * where a peer's words came along.
   */
  | { readonly answer: "context"; readonly text: string; readonly shown?: string };

/** The `_meta` of a call. */
export type CallMeta = Readonly<Record<string, unknown>> | undefined;

/** How one client speaks of hooks. */
export interface HookDialect {
  /** How a person types our commands there. */
  readonly prefix: string;
  /** Whether a call with this `_meta` comes from the client's hooks; a model's never may pass for one. */
  readonly isHook: (meta: CallMeta) => boolean;
  /** Reads the input of the hook tool; undefined for what is none of ours (a subagent's doings, an unknown event). */
  read(input: Readonly<Record<string, unknown>>, meta?: CallMeta): HookCall | undefined;
  /** The client's answer, as the JSON it expects. */
  write(call: AnsweredCall, answer: HookAnswer): object;
}
