// The words of a person to a request, and an answer to text: what every surface shares.
export type { Answer, AnswerData, AnswerTo, Ask, DaemonPort, Done, Paint, CommandContext } from "./answer.ts";
export type { Command, CommandName, CommandOf, Mode } from "./command.ts";
export { parseRaw, parseWords, type Parsed, type ParsedCommand, type UsageFailure } from "./command-line.ts";
export { type FenceItem, type FenceOptions, newFenceTag, renderForModel } from "./fence.ts";
export { safeJson } from "@agora/protocol";
export { noSuchCommand } from "./nearest-command.ts";
export { MAX_PRIMER_BYTES, renderAccepted, renderPrimer } from "./primer.ts";
export { runCommand } from "./run.ts";
export { longTextsCut, PLAIN, shortId, showFile, showLine, showSize, showSpan, showTime } from "./show.ts";
export { hookTroubles, showHookReach } from "./show-hook-reach.ts";
export { endDaemon } from "./end-daemon.ts";
export { viaOfShell } from "./via.ts";
export {
  type CommandWords,
  COMMON_OPTIONS,
  isCommandName,
  type OptionWord,
  usageOf,
  usageOfWords,
  VOCABULARY,
} from "./vocabulary.ts";
export { SESSION_WORDS, type SessionWord } from "./session-words.ts";
export { type Installation, installationOf, type InstallWay } from "./install-way.ts";
