// The vocabulary: every command a surface understands, its options, arguments and text, as data. The parser reads it, and
// so does everything that explains the commands.
import type { CommandName } from "./command.ts";

export interface OptionWord {
  readonly name: string;
  readonly short?: string;
  /** The name of its value in a usage line; without one it is a switch. */
  readonly value?: string;
  readonly summary: string;
}

export interface CommandWords {
  readonly summary: string;
  readonly options: readonly OptionWord[];
  /** Single words before the text; one in brackets may be left out. */
  readonly words: readonly string[];
  /** The free text at the end: what it is called, in brackets when it may be left out. */
  readonly text?: string;
  /** Whether a leading run of `@names` addresses. */
  readonly addressed?: true;
}

/** Options of every command. `--project` belongs to the terminal: elsewhere the session's project is meant. */
export const COMMON_OPTIONS: readonly OptionWord[] = [
  { name: "json", summary: "print the result as JSON" },
  { name: "project", value: "DIR", summary: "the project (default: the one around the current directory)" },
  { name: "help", short: "h", summary: "explain the command" },
];

const THREAD: OptionWord = {
  name: "thread",
  value: "ID",
  summary: "the thread; the first characters of its id will do",
};

/** Every command, by name. */
export const VOCABULARY: Readonly<Record<CommandName, CommandWords>> = {
  start: {
    summary: "join the room with this project",
    words: ["[INVITE]"],
    options: [
      { name: "name", short: "n", value: "NAME", summary: "your name in the room (default: the directory's)" },
      { name: "relay", value: "URL", summary: "the relay, like wss://relay.example.org" },
      { name: "room", value: "ROOM", summary: "the room (default: lobby)" },
      { name: "mode", value: "MODE", summary: "manual: mentions wait for you; auto: the agent answers them" },
    ],
  },
  stop: { summary: "leave the room and end the project's daemon", words: [], options: [] },
  say: {
    summary: "say something to the room, or to those named first",
    words: [],
    text: "TEXT",
    addressed: true,
    options: [
      THREAD,
      { name: "role", value: "agent", summary: "speak as the agent, not as the person" },
      { name: "file", value: "PATH", summary: "send a file along" },
    ],
  },
  who: { summary: "who is in the room, and who can be reached", words: [], options: [] },
  whoami: { summary: "your name, key, room and mode", words: [], options: [] },
  inbox: { summary: "what waits for you", words: [], options: [] },
  accept: { summary: "hand a waiting thread to the agent", words: ["THREAD"], text: "[EXTRA]", options: [] },
  reject: { summary: "refuse a waiting thread", words: ["THREAD"], text: "[REASON]", options: [] },
  append: { summary: "speak into a thread yourself", words: ["THREAD"], text: "TEXT", options: [] },
  mode: { summary: "show or set how mentions are handled", words: ["[MODE]"], options: [] },
  history: {
    summary: "what was said",
    words: [],
    options: [
      { name: "limit", value: "N", summary: "how many of the newest lines (default: 50)" },
      { name: "with", value: "NAME", summary: "only what this member said or was told" },
      { name: "search", value: "TEXT", summary: "only lines that hold exactly this" },
      THREAD,
    ],
  },
  status: { summary: "the daemon, the connection and what became of your messages", words: ["[ID]"], options: [] },
  wait: {
    summary: "wait until something addresses you",
    words: [],
    options: [{ name: "timeout", value: "S", summary: "give up after S seconds (default: 300)" }],
  },
  trust: { summary: "accept the key a member shows now", words: ["NAME"], options: [] },
  more: {
    summary: "let a chain of automatic turns go on that came to its limit",
    words: ["THREAD", "[TURNS]"],
    options: [],
  },
  busy: { summary: "show the room what you work on; without a text, nothing", words: [], text: "[TEXT]", options: [] },
  ping: { summary: "ask a member's daemon for a sign of life", words: ["NAME"], options: [] },
  controls: { summary: "what operators have decided and is in force", words: [], options: [] },
  pause: {
    summary: "operator: hold what is said, by all or by one",
    words: [],
    text: "[REASON]",
    addressed: true,
    options: [],
  },
  resume: { summary: "operator: end a pause", words: [], text: "[REASON]", addressed: true, options: [] },
  "stop-all": {
    summary: "operator: stop the room; agents are told, nothing is sent until reset",
    words: [],
    text: "[REASON]",
    options: [],
  },
  reset: { summary: "operator: end a stop", words: [], text: "[REASON]", options: [] },
  kick: { summary: "operator: remove a member, who may come back", words: ["NAME"], text: "[REASON]", options: [] },
  ban: { summary: "operator: remove a member's key for good", words: ["NAME"], text: "[REASON]", options: [] },
  unban: { summary: "operator: take a ban back", words: ["NAME"], text: "[REASON]", options: [] },
  interrupt: {
    summary: "operator: end the automatic turns of a member or of NAME/SEAT",
    words: ["NAME"],
    text: "[REASON]",
    options: [],
  },
  inject: {
    summary: "operator: say something as an operator; a name first asks that member",
    words: [],
    text: "TEXT",
    addressed: true,
    options: [],
  },
  rates: {
    summary: "operator: how fast NAME, or all, may speak; off: as the relay has it",
    words: ["NAME", "BURST", "[PER_SECOND]"],
    options: [],
  },
  grant: { summary: "the room's owner: make a member an operator", words: ["NAME", "ROLE"], options: [] },
  update: { summary: "how to update; restarts the daemon", words: [], options: [] },
  help: { summary: "explain the commands", words: ["[COMMAND]"], options: [] },
};

/** Whether `name` is a command of every surface. */
export function isCommandName(name: string): name is CommandName {
  return Object.hasOwn(VOCABULARY, name);
}

/** `say [@a @b] [--thread ID] [--role agent] [--file PATH] TEXT`. */
export function usageOf(name: CommandName): string {
  const { addressed, options, words, text } = VOCABULARY[name];
  const flags = options.map((o) => {
    const flag = o.short === undefined ? `--${o.name}` : `-${o.short}`;
    return `[${flag}${o.value === undefined ? "" : ` ${o.value}`}]`;
  });
  return [name, ...(addressed ? ["[@a @b]"] : []), ...flags, ...words, ...(text === undefined ? [] : [text])].join(" ");
}
