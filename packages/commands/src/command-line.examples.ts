// The one table of examples for both ways of writing a command. `words` is what a shell gives the program, `raw` the same
// as a slash command's line; `is` is what both must mean. Where only one way can be written, the other is left out.
import type { Command } from "./command.ts";

export interface Example {
  readonly why: string;
  readonly words?: readonly [name: string, ...rest: string[]];
  readonly raw?: string;
  /** The command, or a part of the sentence that refuses the words. */
  readonly is: Command | { readonly refused: string };
  readonly json?: true;
}

const say = { name: "say", to: [], asAgent: false } as const;
const invite = "agora1.eyJ2IjoxLCJyZWxheSI6IndzOi8vMTI3LjAuMC4xOjgwODAiLCJyb29tIjoibG9iYnkiLCJ0b2tlbiI6InQifQ";

export const EXAMPLES: readonly Example[] = [
  {
    why: "the room is spoken to",
    words: ["say", "hello", "all"],
    raw: "/agora:say hello all",
    is: { ...say, text: "hello all" },
  },
  { why: "without a slash", raw: "agora:say hello", is: { ...say, text: "hello" } },
  {
    why: "leading names address",
    words: ["say", "@bob", "@carol/codex", "look"],
    raw: "/agora:say @bob @carol/codex look",
    is: { ...say, to: ["bob", "carol/codex"], text: "look" },
  },
  {
    why: "names with commas",
    words: ["say", "@bob,", "@carol:", "look"],
    raw: "/agora:say @bob, @carol: look",
    is: { ...say, to: ["bob", "carol"], text: "look" },
  },
  {
    why: "names and text in one quoted word",
    words: ["say", "@bob look here"],
    is: { ...say, to: ["bob"], text: "look here" },
  },
  {
    why: "an @ later is text",
    words: ["say", "ask", "@bob"],
    raw: "/agora:say ask @bob",
    is: { ...say, text: "ask @bob" },
  },
  {
    why: "a name twice is once",
    words: ["say", "@bob", "@bob", "hi"],
    raw: "/agora:say @bob @bob hi",
    is: { ...say, to: ["bob"], text: "hi" },
  },
  {
    why: "options after the names",
    words: ["say", "@bob", "--thread", "abc", "--role", "agent", "hi"],
    raw: "/agora:say @bob --thread abc --role agent hi",
    is: { ...say, to: ["bob"], thread: "abc", asAgent: true, text: "hi" },
  },
  {
    why: "options before the names",
    words: ["say", "--thread=abc", "@bob", "hi"],
    raw: "/agora:say --thread=abc @bob hi",
    is: { ...say, to: ["bob"], thread: "abc", text: "hi" },
  },
  {
    why: "an option after the first word is text",
    words: ["say", "use", "--thread", "abc"],
    raw: "/agora:say use --thread abc",
    is: { ...say, text: "use --thread abc" },
  },
  {
    why: "-- ends options",
    words: ["say", "@bob", "--", "--force is wrong"],
    raw: "/agora:say @bob -- --force is wrong",
    is: { ...say, to: ["bob"], text: "--force is wrong" },
  },
  {
    why: "names after -- still address",
    words: ["say", "--", "@bob", "hi"],
    raw: "/agora:say -- @bob hi",
    is: { ...say, to: ["bob"], text: "hi" },
  },
  {
    why: "a second -- is text",
    words: ["say", "--", "--", "x"],
    raw: "/agora:say -- -- x",
    is: { ...say, text: "-- x" },
  },
  {
    why: "an unknown option says how to write it",
    words: ["say", "--force", "x"],
    raw: "/agora:say --force x",
    is: { refused: "put -- before it" },
  },
  { why: "a dash alone is text", words: ["say", "-", "one"], raw: "/agora:say - one", is: { ...say, text: "- one" } },
  {
    why: "a short option that is none is text",
    words: ["say", "-1", "degrees"],
    raw: "/agora:say -1 degrees",
    is: { ...say, text: "-1 degrees" },
  },
  {
    why: "a name that can't be read is not sent to the room",
    words: ["say", "@bob!", "hi"],
    raw: "/agora:say @bob! hi",
    is: { refused: "nothing was sent" },
  },
  {
    why: "and is text after --",
    words: ["say", "--", "@bob!", "hi"],
    raw: "/agora:say -- @bob! hi",
    is: { ...say, text: "@bob! hi" },
  },
  {
    why: "a file whose name has a space",
    words: ["say", "--file", "my file.txt", "see"],
    raw: '/agora:say --file "my file.txt" see',
    is: { ...say, file: "my file.txt", text: "see" },
  },
  {
    why: "single quotes, with =",
    words: ["say", "--file=my file.txt", "see"],
    raw: "/agora:say --file='my file.txt' see",
    is: { ...say, file: "my file.txt", text: "see" },
  },
  {
    why: "a file needs no text",
    words: ["say", "@bob", "--file", "a.txt"],
    raw: "/agora:say @bob --file a.txt",
    is: { ...say, to: ["bob"], file: "a.txt", text: "" },
  },
  { why: "a quote that is not closed", raw: '/agora:say --file "my file.txt see', is: { refused: "not closed" } },
  {
    why: "shell signs are text",
    words: ["say", "@bob", 'it\'s "$(x)" `y` $HOME \\ *'],
    raw: '/agora:say @bob it\'s "$(x)" `y` $HOME \\ *',
    is: { ...say, to: ["bob"], text: 'it\'s "$(x)" `y` $HOME \\ *' },
  },
  {
    why: "newlines and spaces stay",
    words: ["say", "@bob", "one\n  two\n\n three  "],
    raw: "/agora:say @bob one\n  two\n\n three  ",
    is: { ...say, to: ["bob"], text: "one\n  two\n\n three  " },
  },
  {
    why: "text on the next line keeps its indentation",
    raw: "/agora:say @bob\n    code --here",
    is: { ...say, to: ["bob"], text: "    code --here" },
  },
  {
    why: "options end with the first line",
    raw: "/agora:say\n--dashes are text",
    is: { ...say, text: "--dashes are text" },
  },
  { why: "several spaces inside stay in a raw line", raw: "/agora:say a   b", is: { ...say, text: "a   b" } },
  { why: "emoji", words: ["say", "👩‍👩‍👧 ok"], raw: "/agora:say 👩‍👩‍👧 ok", is: { ...say, text: "👩‍👩‍👧 ok" } },
  { why: "nothing to say", words: ["say"], raw: "/agora:say", is: { refused: "needs TEXT" } },
  { why: "only names", words: ["say", "@bob"], raw: "/agora:say @bob ", is: { refused: "needs TEXT" } },
  {
    why: "a person does not claim a role",
    words: ["say", "--role", "user", "x"],
    raw: "/agora:say --role user x",
    is: { refused: "--role takes agent only" },
  },
  {
    why: "an option twice",
    words: ["say", "--thread", "a", "--thread", "b", "x"],
    raw: "/agora:say --thread a --thread b x",
    is: { refused: "given twice" },
  },
  {
    why: "an option without its value",
    words: ["say", "--thread"],
    raw: "/agora:say --thread",
    is: { refused: "--thread needs ID" },
  },
  {
    why: "an option is not another's value",
    words: ["say", "--thread", "--role", "agent"],
    raw: "/agora:say --thread --role agent",
    is: { refused: "--thread needs ID" },
  },
  { why: "json everywhere", words: ["inbox", "--json"], raw: "/agora:inbox --json", is: { name: "inbox" }, json: true },
  {
    why: "json is text in a text",
    words: ["say", "print", "--json"],
    raw: "/agora:say print --json",
    is: { ...say, text: "print --json" },
  },
  {
    why: "accept with more to say",
    words: ["accept", "7k3f", "but", "be", "quick"],
    raw: "/agora:accept 7k3f but be quick",
    is: { name: "accept", thread: "7k3f", extra: "but be quick" },
  },
  { why: "accept alone", words: ["accept", "7k3f"], raw: "/agora:accept 7k3f", is: { name: "accept", thread: "7k3f" } },
  { why: "accept what?", words: ["accept"], raw: "/agora:accept", is: { refused: "needs THREAD" } },
  {
    why: "options between thread and text",
    words: ["reject", "7k3f", "--json", "no"],
    raw: "/agora:reject 7k3f --json no",
    is: { name: "reject", thread: "7k3f", reason: "no" },
    json: true,
  },
  {
    why: "names in an appended text are text",
    words: ["append", "7k3f", "@bob", "hi"],
    raw: "/agora:append 7k3f @bob hi",
    is: { name: "append", thread: "7k3f", text: "@bob hi" },
  },
  { why: "append what?", words: ["append", "7k3f"], raw: "/agora:append 7k3f", is: { refused: "needs TEXT" } },
  {
    why: "start with all",
    words: ["start", "-n", "alice", "--relay", "wss://r.example", "--room", "den", "--mode", "auto"],
    raw: "/agora:start -n alice --relay wss://r.example --room den --mode auto",
    is: { name: "start", as: "alice", relay: "wss://r.example", room: "den", mode: "auto" },
  },
  {
    why: "start, long name",
    words: ["start", "--name=alice"],
    raw: "/agora:start --name=alice",
    is: { name: "start", as: "alice" },
  },
  {
    why: "start with an invite",
    words: ["start", invite],
    raw: `/agora:start ${invite}`,
    is: { name: "start", invite },
  },
  {
    why: "half an invite",
    words: ["start", "agora1.eyJ2"],
    raw: "/agora:start agora1.eyJ2",
    is: { refused: "not whole" },
  },
  {
    why: "a token is no argument",
    words: ["start", "--token", "s3cret"],
    raw: "/agora:start --token s3cret",
    is: { refused: "AGORA_TOKEN" },
  },
  { why: "a name is no word", words: ["start", "alice"], raw: "/agora:start alice", is: { refused: "with -n" } },
  { why: "mode alone", words: ["mode"], raw: "/agora:mode", is: { name: "mode" } },
  { why: "mode set", words: ["mode", "auto"], raw: "/agora:mode auto", is: { name: "mode", mode: "auto" } },
  { why: "no such mode", words: ["mode", "fast"], raw: "/agora:mode fast", is: { refused: "manual or auto" } },
  { why: "fifty by default", words: ["history"], raw: "/agora:history", is: { name: "history", limit: 50 } },
  {
    why: "history narrowed",
    words: ["history", "--limit", "5", "--with", "@bob", "--thread", "7k"],
    raw: "/agora:history --limit 5 --with @bob --thread 7k",
    is: { name: "history", limit: 5, with: "bob", thread: "7k" },
  },
  {
    why: "history searched, several words",
    words: ["history", "--search", "two words"],
    raw: '/agora:history --search "two words"',
    is: { name: "history", limit: 50, search: "two words" },
  },
  {
    why: "a limit that is none",
    words: ["history", "--limit", "0"],
    raw: "/agora:history --limit 0",
    is: { refused: "from 1 to" },
  },
  { why: "too many words", words: ["who", "bob"], raw: "/agora:who bob", is: { refused: "no more words" } },
  {
    why: "an unknown option without text",
    words: ["who", "--all"],
    raw: "/agora:who --all",
    is: { refused: "no option --all" },
  },
  { why: "spaces after a command", words: ["who"], raw: "  /agora:who  \n", is: { name: "who" } },
  { why: "wait", words: ["wait", "--timeout", "2"], raw: "/agora:wait --timeout 2", is: { name: "wait", timeoutS: 2 } },
  { why: "trust", words: ["trust", "@bob"], raw: "/agora:trust bob", is: { name: "trust", member: "bob" } },
  { why: "status of one", words: ["status", "7k3f"], raw: "/agora:status 7k3f", is: { name: "status", id: "7k3f" } },
  { why: "help", words: ["help"], raw: "/agora:help", is: { name: "help" } },
  { why: "help on a command", words: ["say", "--help"], raw: "/agora:help say", is: { name: "help", topic: "say" } },
  {
    why: "help needs no arguments",
    words: ["accept", "-h"],
    raw: "/agora:accept --help",
    is: { name: "help", topic: "accept" },
  },
  { why: "no such command", words: ["shout", "x"], raw: "/agora:shout x", is: { refused: "no command" } },
  { why: "a project is for a terminal", raw: "/agora:who --project /tmp", is: { refused: "terminal only" } },
];
