// The refusal that an agent gets for what only its person may do. It says where the person can: an agent passes that on.
import { fail, type Failure } from "@agora/protocol";

/** Where the person can do it: their client and the web console too, or a terminal alone. */
export type PersonsPlace = "console" | "terminal";

const WAYS: Readonly<Record<PersonsPlace, string>> = {
  console: `ask them to type it in their client or in a terminal of their own, or to do it in the web console ("agora console" opens it)`,
  terminal: "ask them to type it in a terminal of their own",
};

/** The sentence; `what` begins it: the act. */
export function personOnlyWords(what: string, where: PersonsPlace = "console"): string {
  return `${what} belongs to the person, not to an agent: ${WAYS[where]}.`;
}

/** The refusal with that sentence. */
export function personOnly(what: string, where: PersonsPlace = "console"): Failure<"not-allowed"> {
  return fail("not-allowed", personOnlyWords(what, where));
}
