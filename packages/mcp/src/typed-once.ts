// A typed command may come by two hooks of one prompt, in an order that differs between versions of a client, and either of them
// may be lost. It is carried out once, for the hook that comes first; the other is answered with what came of it.
import type { HookCall } from "./hook-call.ts";
import type { TypedOutcome } from "./typed-command.ts";

/** A hook that brings what somebody typed. */
export type TypedCall = HookCall & { readonly moment: "prompt" | "command" };

export interface Carried {
  readonly outcome: TypedOutcome;
  /** The client has it already, by the other hook. */
  readonly known: boolean;
}

export interface TypedOnce {
  /** Carries the command of `call` out, unless the other hook of the same prompt has begun that; `signal`: the client's patience. */
  run(call: TypedCall, carryOut: () => Promise<TypedOutcome>, signal?: AbortSignal): Promise<Carried>;
}

interface Begun {
  readonly moment: TypedCall["moment"];
  readonly outcome: Promise<TypedOutcome>;
  readonly signal: AbortSignal | undefined;
}

/** The two hooks of a prompt follow one another; more than one prompt is never between them. */
const MAX_REMEMBERED = 4;

export function createTypedOnce(): TypedOnce {
  const begun = new Map<string, Begun>();
  return {
    async run(call, carryOut, signal) {
      // A client that gives its prompts no ids may have the same words typed twice: then the same hook brings them twice.
      const key = `${call.session} ${call.id || call.prompt}`;
      const other = begun.get(key);
      if (other !== undefined && other.moment !== call.moment) {
        begun.delete(key);
        const outcome = await other.outcome;
        // Who ran out of patience with the first hook has not read its answer.
        return { outcome, known: other.signal?.aborted !== true };
      }
      const outcome = carryOut();
      begun.delete(key);
      begun.set(key, { moment: call.moment, outcome, signal });
      for (const oldest of begun.keys()) if (begun.size > MAX_REMEMBERED) begun.delete(oldest);
      return { outcome: await outcome, known: false };
    },
  };
}
