// The refusal an agent gets for what only its person may do. It says where the person can do it, so that the agent can pass
// that on.
import { fail, type Failure } from "@agora/protocol";

/** Where the person can do it: `console` means their client or the web console, `terminal` only a terminal. */
export type PersonsPlace = "console" | "terminal";

const WAYS: Readonly<Record<PersonsPlace, string>> = {
  console: `ask them to type it in their client or in a terminal of their own, or to do it in the web console ("agora console" opens it)`,
  terminal: "ask them to type it in a terminal of their own",
};

/** The sentence; it begins with `what`, the act. */
export function personOnlyWords(what: string, where: PersonsPlace = "console"): string {
  return `${what} belongs to the person, not to an agent: ${WAYS[where]}.`;
}

/** The failure with that sentence. */
export function personOnly(what: string, where: PersonsPlace = "console"): Failure<"not-allowed"> {
  return fail("not-allowed", personOnlyWords(what, where));
}
