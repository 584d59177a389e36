// The text of an invite for its creator: the word, and what the other person does with it, depending on what they have.
import { harmlessLine } from "@agora/protocol";
import { VERSION } from "./version.ts";

/** The facts the text is made from. */
export interface InviteFacts {
  readonly invite: string;
  readonly relay: string;
  readonly room: string;
  /** `a grant (member, …)`, or `the shared token`. */
  readonly what: string;
  /** Undefined: the other person chooses one. */
  readonly name: string | undefined;
  /** The address of Agora's repository, when this machine knows one that others can reach. */
  readonly source: string | undefined;
  /** The relay's console, if it serves one. */
  readonly console: string | undefined;
  readonly notes: readonly string[];
}

/** The lines; each command is on a line of its own, ready to copy. */
export function inviteText({
  invite,
  relay,
  room,
  what,
  name = "NAME",
  source,
  console,
  notes,
}: InviteFacts): string[] {
  const address = source === undefined ? "ADDRESS" : harmlessLine(source, 200);
  const file = `agora-cli-${VERSION}.tgz`;
  return [
    `An invite to ${room} at ${relay}, with ${what}:`,
    "",
    invite,
    "",
    "What the other person does, in the project's folder, with what is there:",
    "",
    "With agora, and the invite pasted when asked:",
    `  agora start -n ${name}`,
    "With Claude Code:",
    `  /plugin marketplace add ${address}`,
    "  /plugin install agora@agora",
    `  /agora:start -n ${name} ${invite}`,
    "With Codex, the first two in a terminal, then in Codex (/hooks there, to trust Agora's):",
    `  codex plugin marketplace add ${address}`,
    "  codex plugin add agora@agora",
    `  agora:start -n ${name} ${invite}`,
    `With npm alone, from the file ${file} (pnpm run pack-cli in a clone makes it: send it along), and the invite pasted:`,
    `  npx -y ./${file} start -n ${name}`,
    ...(console === undefined ? [] : ["With a browser alone:", `  ${console}#invite=${invite}`]),
    "",
    ...(source === undefined
      ? ["ADDRESS is where Agora's repository is: the address of yours, which the other person can reach."]
      : []),
    "In a terminal agora is found after: agora install shell (in Claude Code: ! agora install shell).",
    ...notes,
  ];
}
