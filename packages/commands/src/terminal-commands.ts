// The words of the commands that only a terminal carries out; its program is made from them. A few can also be typed in a
// client's session, as far as they make sense there; the terminal's own code carries those out too.
import type { CommandWords } from "./define-command.ts";

/** The words of a terminal command. */
export interface TerminalWords extends CommandWords {
  /** May be typed in a session, with these words there. */
  readonly session?: Pick<CommandWords, "summary" | "options">;
}

const PROJECT = {
  name: "project",
  value: "DIR",
  summary: "the project (default: the one around the current directory)",
} as const;
const EXPIRES = {
  name: "expires",
  value: "SPAN",
  summary: "how long it holds: 30m, 12h, 7d, 2w (without a NAME: 7d)",
} as const;
/** Options of an invite that names nobody. */
const NAMELESS = [
  { name: "uses", value: "N", summary: "without a NAME: how many may come by it (default: 1)" },
  { name: "ask", summary: "without a NAME: a person decides about each (agora admit)" },
  {
    name: "by",
    value: "MEMBER",
    summary: "without a NAME: the member that lets in, such as a resident (default: you)",
  },
] as const;
const JSON_RESULT = { name: "json", summary: "print the result as JSON" } as const;

export const TERMINAL_COMMANDS = {
  watch: {
    summary: "show the room's lines as they come",
    words: [],
    options: [],
    group: "Talk",
    example: "agora watch",
  },
  console: {
    summary: "open the room in your browser",
    words: [],
    options: [{ name: "no-browser", summary: "only print the address" }],
    group: "Talk",
    example: "agora console",
    session: { summary: "the address that opens the room in your browser", options: [] },
  },
  rooms: {
    summary: "the rooms of your projects on this machine, and what waits in each",
    words: [],
    options: [JSON_RESULT],
    group: "Talk",
    example: "agora rooms",
  },
  relay: { summary: "run a relay", words: [], options: [], group: "Operate", example: "agora relay --port 8080" },
  resident: {
    summary: "keep a room while nobody is there, and be its gateway",
    words: [],
    options: [],
    group: "Operate",
    example: "agora resident --relay wss://relay.example.org --room lobby --detach",
  },
  room: {
    summary: "make a room your own; show and set its card",
    words: [],
    options: [],
    group: "Room",
    example: "agora room create den",
  },
  invite: {
    summary: "make an invite for NAME, or for whoever has it; or take one back: invite revoke ID",
    words: ["[NAME]", "[ID]"],
    options: [
      { name: "grant", value: "ROLE", summary: "member or observer" },
      EXPIRES,
      ...NAMELESS,
      { name: "relay", value: "URL", summary: "the relay (default: this project's)" },
      { name: "room", value: "ROOM", summary: "the room (default: this project's)" },
    ],
    group: "Room",
    example: "agora invite bob --expires 7d",
    session: {
      summary: "make an invite for NAME, or for whoever has it, and show what they type; or take one back: revoke ID",
      options: [{ name: "grant", value: "ROLE", summary: "member or observer" }, EXPIRES, ...NAMELESS],
    },
  },
  forget: {
    summary: "take a project off the list of joined ones, or @NAME off the known members",
    words: ["[PATH]"],
    options: [],
    group: "Setup",
    example: "agora forget ~/old-project",
  },
  doctor: {
    summary: "check everything that has to work, and name the fix",
    words: [],
    options: [
      { name: "trust-hooks", summary: "let Codex run Agora's hooks, after asking you" },
      { name: "wake", summary: "wake each open session and see whether its model answers" },
    ],
    group: "Setup",
    example: "agora doctor",
    session: { summary: "what is not well here, and how to mend it", options: [] },
  },
  install: {
    summary: "bring Agora into a client (codex, claude, gemini, cursor, vscode, opencode), or onto the PATH (shell)",
    words: ["[CLIENT]"],
    options: [
      { name: "list", summary: "what is on this machine, and where Agora is installed" },
      { name: "uninstall", summary: "take it out again; the file is as it was before" },
      { name: "dry-run", summary: "show the change and write nothing" },
      { name: "name", value: "NAME", summary: "the name of the server in the client (default: agora)" },
      { name: "yes", summary: "write without asking" },
      { name: "agents-md", summary: "print a fragment for a project's AGENTS.md" },
      { name: "paste", summary: "print a sentence that lets Codex install it" },
      JSON_RESULT,
    ],
    group: "Setup",
    example: "agora install codex --dry-run",
  },
  version: {
    summary: "print the version",
    words: [],
    options: [{ name: "json", summary: "print it as JSON" }],
    group: "Setup",
    example: "agora version",
  },
  completion: {
    summary: "print completion for bash, zsh, fish",
    words: ["SHELL"],
    options: [],
    group: "Setup",
    example: "agora completion bash >> ~/.bashrc",
  },
  logs: {
    summary: "what the project's daemon wrote down: never a text, never a token",
    words: [],
    options: [
      { name: "follow", short: "f", summary: "go on with what comes" },
      { name: "lines", short: "n", value: "N", summary: "how many of the newest lines (default: 50)" },
      { name: "json", summary: "the lines as they are" },
      PROJECT,
    ],
    group: "Setup",
    example: "agora logs -f",
  },
  verify: {
    summary: "check that a room's history is what its members signed, and that nothing of it is missing",
    words: ["[PATH]"],
    options: [JSON_RESULT],
    group: "Room",
    example: "agora verify",
  },
  "report-bug": {
    summary: "print what helps to find a bug, without names, texts, tokens or keys; sends nothing",
    words: [],
    options: [{ name: "file", value: "PATH", summary: "write it there instead" }, PROJECT],
    group: "Setup",
    example: "agora report-bug --file bug.txt",
  },
  uninstall: {
    summary: "show all that Agora has on this machine, and take out what you choose",
    words: [],
    options: [
      { name: "yes", summary: "take out all of it without asking" },
      { name: "dry-run", summary: "only show it" },
      JSON_RESULT,
    ],
    group: "Setup",
    example: "agora uninstall --dry-run",
  },
  demo: {
    summary: "show the main job in a temporary folder",
    words: [],
    options: [{ name: "json", summary: "print each step as a line of JSON" }],
    group: "Setup",
    example: "agora demo",
  },
  hook: {
    summary: "answer a client's command hook (JSON on stdin)",
    words: ["EVENT"],
    options: [],
    group: "For programs",
    example: "agora hook session-start",
  },
  mcp: {
    summary: "serve an MCP client over stdio",
    words: [],
    options: [{ name: "client", value: "NAME", summary: "which client this is" }],
    group: "For programs",
    example: "agora mcp --client cursor",
  },
} as const satisfies Readonly<Record<string, TerminalWords>>;

export type TerminalCommand = keyof typeof TERMINAL_COMMANDS;

/** The terminal commands that may be typed in a session. */
export type SessionWord = {
  [N in TerminalCommand]: (typeof TERMINAL_COMMANDS)[N] extends { readonly session: object } ? N : never;
}[TerminalCommand];

/** Their words there, by name. */
export const SESSION_WORDS: Readonly<Record<SessionWord, CommandWords>> = {
  console: inSession(TERMINAL_COMMANDS.console),
  invite: inSession(TERMINAL_COMMANDS.invite),
  doctor: inSession(TERMINAL_COMMANDS.doctor),
};

function inSession(words: TerminalWords): CommandWords {
  const { session, ...rest } = words;
  return { ...rest, ...session };
}
