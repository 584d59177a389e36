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
  /** One line that installs and joins. */
  readonly line: string;
  readonly notes: readonly string[];
}

/** Where the pasted line keeps a clone. */
const CLONE = "~/.agora-source";

/**
 * One line for a POSIX shell that fetches Agora and joins in the folder it is pasted in. The invite comes on the standard input, since
 * others on a machine can see command lines; a name goes with it, since the shared token brings none. Without an address of the repository
 * it takes the package's file, which is sent along.
 */
export function pastedLine(invite: string, source: string | undefined, name?: string): string {
  const start = name === undefined ? "start -" : `start -n ${name} -`;
  if (source === undefined) return `echo ${invite} | npx -y ./agora-cli-${VERSION}.tgz ${start}`;
  const address = /^[\w.-]+\/[\w.-]+$/.test(source) ? `https://github.com/${source}` : source;
  const quoted = `'${address.replaceAll("'", "%27")}'`;
  const fetched = `{ test -d ${CLONE} || git clone -q --depth 1 ${quoted} ${CLONE}; }`;
  return `${fetched} && echo ${invite} | node ${CLONE}/packages/claude-code/bin/agora ${start}`;
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
  line,
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
    `With a terminal${source === undefined ? " and the file below" : ", Node and git"} alone, in one line:`,
    `  ${line}`,
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
