// From a person's words to a request, and from an answer to text: what every surface shares.
export { boardLines } from "./activity/board-table.ts";
export { askDaemon } from "./ask-daemon.ts";
export type { Answer, Ask, DaemonPort, Done, Paint, CommandContext } from "./answer.ts";
export type { AnswerData, AnswerTo, Command, CommandName, CommandOf } from "./command.ts";
export { type ClientMenu, type CommandWords, HELP_GROUPS, type HelpGroup, type OptionWord } from "./define-command.ts";
export type { Mode } from "./read-value.ts";
export { parseRaw, parseWords, type Parsed, type ParsedCommand, type UsageFailure } from "./command-line.ts";
export { type FenceItem, type FenceOptions, newFenceTag, renderForModel } from "./fence.ts";
export { safeJson } from "@agora/protocol";
export { noSuchCommand } from "./nearest-command.ts";
export { MAX_PRIMER_BYTES, renderAccepted, renderPrimer } from "./primer.ts";
export { runCommand } from "./run.ts";
export { longTextsCut, PLAIN, shortId, showFile, showLine, showSize, showSpan, showTime } from "./show.ts";
export { hookTroubles, showHookReach } from "./show-hook-reach.ts";
export { startByEntry } from "./connection/start.ts";
export { endDaemon } from "./end-daemon.ts";
export { viaOfShell } from "./via.ts";
export { COMMON_OPTIONS } from "./shared-options.ts";
export {
  SESSION_WORDS,
  type SessionWord,
  TERMINAL_COMMANDS,
  type TerminalCommand,
  type TerminalWords,
} from "./terminal-commands.ts";
export { usageOfWords } from "./usage.ts";
export { isCommandName, usageOf, VOCABULARY } from "./vocabulary.ts";
export { type Installation, installationOf, type InstallWay } from "./install-way.ts";
