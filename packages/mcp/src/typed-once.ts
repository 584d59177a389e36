// A typed command may arrive by two hooks of one prompt, in an order that differs between client versions, and either may be
// lost. It is carried out once, for the hook that comes first; the other is answered with the result.
import type { HookCall } from "./hook-call.ts";
import type { TypedOutcome } from "./typed-command.ts";

/** A hook that carries what somebody typed. */
export type TypedCall = HookCall & { readonly moment: "prompt" | "command" };

export interface Carried {
  readonly outcome: TypedOutcome;
  /** The client already has it, from the other hook. */
  readonly known: boolean;
}

export interface TypedOnce {
  /**
   * Carries out the command of `call`, unless the other hook of the same prompt has already begun to; `signal`: the client
   * gave up waiting.
   */
  run(call: TypedCall, carryOut: () => Promise<TypedOutcome>, signal?: AbortSignal): Promise<Carried>;
}

interface Begun {
  readonly moment: TypedCall["moment"];
  readonly outcome: Promise<TypedOutcome>;
  readonly signal: AbortSignal | undefined;
}

/** A prompt's two hooks follow each other, with at most one other prompt in between. */
const MAX_REMEMBERED = 4;

export function createTypedOnce(): TypedOnce {
  const begun = new Map<string, Begun>();
  return {
    async run(call, carryOut, signal) {
      // In a client whose prompts have no ids, the same words may be typed twice: then the same hook brings them twice.
      const key = `${call.session} ${call.id || call.prompt}`;
      const other = begun.get(key);
      if (other !== undefined && other.moment !== call.moment) {
        begun.delete(key);
        const outcome = await other.outcome;
        // If the client gave up on the first hook, it hasn't read its answer.
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
