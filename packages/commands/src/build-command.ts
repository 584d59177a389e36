// Gives read words their meaning: numbers in range, modes that exist, words that are of the right form.
import { decodeInvite, fail, isKey, MAX_MORE_TURNS, NO_RELAY_KEY, ok, type Result } from "@agora/protocol";
import {
  type Command,
  type CommandName,
  DEFAULT_DECISIONS_LIMIT,
  DEFAULT_HISTORY_LIMIT,
  DEFAULT_WAIT_S,
  MAX_DECISIONS_LIMIT,
  MAX_HISTORY_LIMIT,
  MAX_WAIT_S,
  type Mode,
} from "./command.ts";
import { isCommandName, usageOf } from "./vocabulary.ts";
import type { ReadWords } from "./word-source.ts";

type Built = Result<Command, "usage">;

/** The command that the words mean, or a sentence on what is wrong with them. */
export function buildCommand(name: CommandName, read: ReadWords): Built {
  const { options, words, text } = read;
  switch (name) {
    case "start":
      return start(read);
    case "say":
      return say(read);
    case "accept":
      return ok({ name, thread: words[0]!, ...(blank(text) ? {} : { extra: text }) });
    case "reject":
      return ok({ name, thread: words[0]!, ...(blank(text) ? {} : { reason: text }) });
    case "append":
      if (text === undefined) return fail("usage", `append needs TEXT: ${usageOf(name)}`);
      return ok({ name, thread: words[0]!, text });
    case "mode": {
      const mode = readMode(words[0]);
      return mode.ok ? ok({ name, mode: mode.value }) : mode;
    }
    case "history": {
      const limit = readNumber("limit", options.get("limit"), DEFAULT_HISTORY_LIMIT, 1, MAX_HISTORY_LIMIT);
      if (!limit.ok) return limit;
      return ok({
        name,
        limit: limit.value,
        with: options.get("with")?.replace(/^@/, ""),
        channel: options.get("channel"),
        thread: options.get("thread"),
        search: options.get("search"),
        ...(options.has("full") ? { full: true } : {}),
      });
    }
    case "who":
      return ok({ name, member: words[0]?.replace(/^@/, ""), ...(options.has("all") ? { all: true } : {}) });
    case "status":
      return ok({ name, id: words[0] });
    case "wait": {
      const timeout = readNumber("timeout", options.get("timeout"), DEFAULT_WAIT_S, 0, MAX_WAIT_S);
      if (!timeout.ok) return timeout;
      return ok({
        name,
        timeoutS: timeout.value,
        waiter: options.get("as"),
        ...(options.has("again") ? { again: true } : {}),
      });
    }
    case "trust":
      return ok({ name, member: words[0]!.replace(/^@/, "") });
    case "pause":
    case "resume":
    case "inject":
      return addressed(name, read);
    case "stop-all":
    case "reset":
      return ok({ name, ...(blank(text) ? {} : { text }) });
    case "kick":
    case "ban":
    case "unban":
    case "interrupt":
      return ok({ name, member: words[0]!.replace(/^@/, ""), ...(blank(text) ? {} : { text }) });
    case "rates":
      return rates(read);
    case "grant":
      if (words[1] !== "operator")
        return fail("usage", `The role is operator: grant ${words[0]!.slice(0, 40)} operator.`);
      return ok({ name, member: words[0]!.replace(/^@/, "") });
    case "more": {
      const turns = readNumber("TURNS", words[1], undefined, 1, MAX_MORE_TURNS);
      return turns.ok ? ok({ name, thread: words[0]!, turns: turns.value }) : turns;
    }
    case "ask":
    case "escalate":
      return ask(name, read);
    case "answer":
      if (blank(text)) return fail("usage", `answer needs ANSWER: ${usageOf(name)}`);
      return ok({ name, question: words[0]!, words: text! });
    case "questions":
      return ok({ name, withdraw: options.get("withdraw") });
    case "decide":
      if (blank(text)) return fail("usage", `decide needs TEXT: ${usageOf(name)}`);
      return ok({ name, text: text!, thread: options.get("thread") });
    case "decisions": {
      const limit = readNumber("limit", options.get("limit"), DEFAULT_DECISIONS_LIMIT, 1, MAX_DECISIONS_LIMIT);
      return limit.ok ? ok({ name, limit: limit.value }) : limit;
    }
    case "busy":
      return ok({ name, ...(blank(text) ? {} : { text }) });
    case "ping":
      return ok({ name, member: words[0]!.replace(/^@/, "") });
    case "join":
      return ok({ name, channel: words[0]!, text: options.get("topic") });
    case "leave":
      return ok({ name, channel: words[0]! });
    case "topic":
      return ok({ name, channel: words[0]!, ...(blank(text) ? {} : { text }) });
    case "remove":
    case "admit":
      return ok({ name, channel: words[0]!, member: words[1]!.replace(/^@/, "") });
    case "help":
      if (words[0] !== undefined && !isCommandName(words[0])) {
        return fail("usage", `"${words[0].slice(0, 40)}" is no command of agora: see "help".`);
      }
      return ok({ name, topic: words[0] });
    default: // stop, whoami, inbox, chains, channels, controls, update
      return ok({ name });
  }
}

function start({ options, words }: ReadWords): Built {
  const mode = readMode(options.get("mode"));
  if (!mode.ok) return mode;
  const invite = words[0];
  if (invite !== undefined && invite !== "-" && decodeInvite(invite) === undefined) {
    return fail(
      "usage",
      invite.startsWith("agora1.")
        ? "This invite is not whole: copy all of it, from agora1. to its last character."
        : `start takes an invite (agora1.…) and nothing else as a word; a name is given with -n: ${usageOf("start")}`,
    );
  }
  const trustRelay = options.get("trust-relay");
  if (trustRelay !== undefined && trustRelay !== NO_RELAY_KEY && !isKey(trustRelay))
    return fail(
      "usage",
      `--trust-relay takes the relay's key, 43 characters as its start line shows it, or ${NO_RELAY_KEY}.`,
    );
  return ok({
    name: "start",
    as: options.get("name"),
    relay: options.get("relay"),
    room: options.get("room"),
    mode: mode.value,
    trustRelay,
    invite,
    ...(options.has("force") ? { force: true } : {}),
  });
}

function say({ options, to, channel: leading, text }: ReadWords): Built {
  const channel = options.get("channel") ?? leading;
  if (leading !== undefined && channel !== leading) return fail("usage", "A message is said in one channel.");
  const role = options.get("role");
  if (role !== undefined && role !== "agent") {
    return fail("usage", "--role takes agent only: that a person typed it shows by itself.");
  }
  const file = options.get("file");
  if (file === "") return fail("usage", "--file needs PATH.");
  if (text === undefined && file === undefined) return fail("usage", `say needs TEXT: ${usageOf("say")}`);
  return ok({
    name: "say",
    to: [...new Set(to)],
    ...(channel === undefined ? {} : { channel }),
    text: text ?? "",
    thread: options.get("thread"),
    file,
    asAgent: role === "agent",
  });
}

function ask(name: "ask" | "escalate", { options, to, text }: ReadWords): Built {
  if (blank(text)) return fail("usage", `${name} needs TEXT: ${usageOf(name)}`);
  const choices = (options.get("choice") ?? "").split("\n").filter((label) => label.trim() !== "");
  const many = options.has("many");
  if (choices.length === 0 && (many || options.has("other")))
    return fail("usage", `--many and --other go with choices: ${usageOf(name)}`);
  const timeoutS = readSpan(options.get("timeout"));
  if (!timeoutS.ok) return timeoutS;
  const waitS = readNumber("wait", options.get("wait"), undefined, 0, MAX_WAIT_S);
  if (!waitS.ok) return waitS;
  return ok({
    name,
    to: [...new Set(to)],
    text: text!,
    choices,
    many,
    other: options.has("other"),
    timeoutS: timeoutS.value,
    otherwise: options.get("otherwise"),
    thread: options.get("thread"),
    waitS: waitS.value,
  });
}

const UNIT_S: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** `90s`, `10m`, `2h`, `1d` in seconds. */
function readSpan(word: string | undefined): Result<number | undefined, "usage"> {
  if (word === undefined) return ok(undefined);
  const match = /^([1-9]\d{0,5})([smhd])$/.exec(word);
  return match === null
    ? fail("usage", "--timeout takes a span such as 90s, 10m, 2h or 1d.")
    : ok(Number(match[1]) * UNIT_S[match[2]!]!);
}

function addressed(name: "pause" | "resume" | "inject", { to, text }: ReadWords): Built {
  if (to.length > 1) return fail("usage", `${name} is about one member or about the room: ${usageOf(name)}`);
  if (name === "inject" && blank(text)) return fail("usage", `inject needs TEXT: ${usageOf(name)}`);
  return ok({ name, ...(to[0] === undefined ? {} : { member: to[0] }), ...(blank(text) ? {} : { text }) });
}

function rates({ words }: ReadWords): Built {
  const [whom = "", burst = "", perSecond] = words;
  const member = whom === "all" ? {} : { member: whom.replace(/^@/, "") };
  if (burst === "off" && perSecond === undefined) return ok({ name: "rates", ...member });
  const rate = { burst: Number(burst), perSecond: Number(perSecond) };
  if (!/^[1-9]\d{0,4}$/.test(burst) || !/^\d{1,5}(\.\d{1,3})?$/.test(perSecond ?? "") || rate.perSecond === 0)
    return fail("usage", `rates takes BURST and PER_SECOND, such as 10 2, or off: ${usageOf("rates")}`);
  return ok({ name: "rates", ...member, rate });
}

function readMode(word: string | undefined): Result<Mode | undefined, "usage"> {
  if (word === undefined || word === "manual" || word === "auto") return ok(word);
  return fail("usage", `The mode is manual or auto, not "${word.slice(0, 20)}".`);
}

function readNumber<T extends number | undefined>(
  option: string,
  word: string | undefined,
  otherwise: T,
  min: number,
  max: number,
): Result<number | T, "usage"> {
  if (word === undefined) return ok(otherwise);
  const number = /^\d{1,9}$/.test(word) ? Number(word) : Number.NaN;
  if (number >= min && number <= max) return ok(number);
  const what = option === option.toUpperCase() ? option : `--${option}`;
  return fail("usage", `${what} takes a whole number from ${min} to ${max}.`);
}

function blank(text: string | undefined): boolean {
  return text === undefined || text.trim() === "";
}
