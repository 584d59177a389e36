// The vocabulary: every command a surface understands, its options, arguments and text, as data. The parser reads it, and
// so does everything that explains the commands.
import type { CommandName } from "./command.ts";

export interface OptionWord {
  readonly name: string;
  readonly short?: string;
  /** The name of its value in a usage line; without one it is a switch. */
  readonly value?: string;
  readonly summary: string;
  /** May be given several times; the values stand on a line each. */
  readonly repeats?: true;
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
  /** Whether a leading `#name` says in which channel. */
  readonly inChannel?: true;
  /** What a terminal's help says after the options. */
  readonly more?: string;
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

const ASK_OPTIONS: readonly OptionWord[] = [
  { name: "choice", value: "LABEL", summary: "something to pick; give it for each choice", repeats: true },
  { name: "many", summary: "several of the choices may be picked" },
  { name: "other", summary: "own words will do as well" },
  { name: "timeout", value: "SPAN", summary: "how long it is open, such as 90s, 10m, 2h, 1d (default: 1d)" },
  { name: "otherwise", value: "TEXT", summary: "what you do when nobody answers" },
  { name: "wait", value: "S", summary: "wait so many seconds for the answer" },
];

const CHANNEL: OptionWord = { name: "channel", short: "c", value: "NAME", summary: "only this channel" };

/** A shell takes what follows a bare # for a comment. */
const QUOTE =
  "In a shell, put '#name' into quotes: agora say '#build' is it green? Without the # it is agora say -c build …";

/** Every command, by name. */
export const VOCABULARY: Readonly<Record<CommandName, CommandWords>> = {
  start: {
    summary: "join the room with this project",
    words: ["[INVITE | -]"],
    more: "- reads the invite from the standard input: in the command line others on this machine can see it.",
    options: [
      { name: "name", short: "n", value: "NAME", summary: "your name in the room (default: the directory's)" },
      { name: "relay", value: "URL", summary: "the relay, like wss://relay.example.org" },
      { name: "room", value: "ROOM", summary: "the room (default: lobby)" },
      {
        name: "trust-relay",
        value: "KEY",
        summary: "the relay's key, as its admin tells it, instead of the one kept; none: an old relay without one",
      },
      { name: "mode", value: "MODE", summary: "manual: mentions wait for you; auto: the agent answers them" },
      { name: "force", summary: "also in a folder that holds more than a project, such as your own" },
    ],
  },
  stop: { summary: "leave the room and end the project's daemon", words: [], options: [] },
  say: {
    summary: "say something to the room, in a channel, or to those named first",
    words: [],
    text: "TEXT",
    addressed: true,
    inChannel: true,
    more: QUOTE,
    options: [
      THREAD,
      { ...CHANNEL, summary: "in this channel; the same as a leading #name" },
      { name: "role", value: "agent", summary: "speak as the agent, not as the person" },
      { name: "file", value: "PATH", summary: "send a file along" },
    ],
  },
  who: {
    summary: "who is in the room, and who can be reached",
    words: ["[NAME]"],
    options: [{ name: "all", summary: "everybody known, however long ago they left" }],
  },
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
      CHANNEL,
      { name: "search", value: "TEXT", summary: "only lines that hold exactly this" },
      { name: "full", summary: "show very long texts whole" },
      THREAD,
    ],
  },
  status: { summary: "the daemon, the connection and what became of your messages", words: ["[ID]"], options: [] },
  wait: {
    summary: "wait until something addresses you",
    words: [],
    options: [
      { name: "timeout", value: "S", summary: "give up after S seconds (default: 300)" },
      { name: "again", summary: "also for what an earlier wait told of already" },
      { name: "as", value: "WORD", summary: "tell this loop apart from another one of yours" },
    ],
    more:
      "It waits for what is new since the last wait, and takes nothing out of the inbox. Exit code 0: something came, or the time was over; 1: it failed, try again later.\n" +
      "Don't start it again after 3 (the room was stopped, by you or by an operator) and 4 (the relay refuses you for good).",
  },
  trust: { summary: "accept the key a member shows now", words: ["NAME"], options: [] },
  more: {
    summary: "let a chain of automatic turns go on that came to its limit",
    words: ["THREAD", "[TURNS]"],
    options: [],
  },
  ask: {
    summary: "ask people a question that they answer by picking or writing",
    words: [],
    text: "TEXT",
    addressed: true,
    options: [...ASK_OPTIONS, THREAD],
  },
  escalate: {
    summary: "ask the owner of this agent, who is notified at once",
    words: [],
    text: "TEXT",
    options: [...ASK_OPTIONS, THREAD],
  },
  answer: {
    summary: "answer a question: by number, label or in your own words",
    words: ["ID"],
    text: "ANSWER",
    options: [],
  },
  questions: {
    summary: "all questions that wait for an answer, yours and the room's",
    words: [],
    options: [{ name: "withdraw", value: "ID", summary: "take a question of yours back" }],
  },
  decide: { summary: "record a decision for the room", words: [], text: "TEXT", options: [THREAD] },
  decisions: {
    summary: "what people decided, newest first",
    words: [],
    options: [{ name: "limit", value: "N", summary: "how many (default: 20)" }],
  },
  chains: {
    summary: "which agents answer each other by themselves, how far, and where it loops",
    words: [],
    options: [],
  },
  busy: { summary: "show the room what you work on; without a text, nothing", words: [], text: "[TEXT]", options: [] },
  ping: { summary: "ask a member's daemon for a sign of life", words: ["NAME"], options: [] },
  channels: { summary: "the channels of the room: who is in them, topic, unread", words: [], options: [] },
  join: {
    summary: "join a channel; it is opened when there is none of this name",
    more: QUOTE,
    words: ["CHANNEL"],
    options: [{ name: "topic", value: "TEXT", summary: "what it is for, when it is opened" }],
  },
  leave: { summary: "leave a channel", words: ["CHANNEL"], options: [] },
  topic: {
    summary: "set a channel's topic, or take it away: its convener, or an operator",
    words: ["CHANNEL"],
    text: "[TEXT]",
    options: [],
  },
  remove: {
    summary: "remove a member from a channel: its convener, or an operator",
    words: ["CHANNEL", "NAME"],
    options: [],
  },
  admit: { summary: "let a removed member join a channel again", words: ["CHANNEL", "NAME"], options: [] },
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

/** `say [#channel] [@a @b] [--thread ID] [--role agent] [--file PATH] TEXT`. */
export function usageOf(name: CommandName): string {
  return usageOfWords(name, VOCABULARY[name]);
}

/** The same for any command whose words are described. */
export function usageOfWords(name: string, { addressed, inChannel, options, words, text }: CommandWords): string {
  const flags = options.map((o) => {
    const flag = o.short === undefined ? `--${o.name}` : `-${o.short}`;
    return `[${flag}${o.value === undefined ? "" : ` ${o.value}`}]`;
  });
  return [
    name,
    ...(inChannel ? ["[#channel]"] : []),
    ...(addressed ? ["[@a @b]"] : []),
    ...flags,
    ...words,
    ...(text === undefined ? [] : [text]),
  ].join(" ");
}
