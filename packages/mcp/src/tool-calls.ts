// What each tool does. Speaking and reading take the same path as a person's command, marked as the model's; anything that
// contains other people's words comes back fenced.
import { newFenceTag, renderForModel, runCommand, type CommandOf, type CommandContext } from "@agora/commands";
import type { Handed, InboxItem, Line } from "@agora/ipc";
import { fail, harmlessLine, leadingAddresses, leadingChannel, ok, type Result } from "@agora/protocol";
import type { Clock } from "@agora/ports";
import type { AskPerson } from "./client-confirmation.ts";
import { quoteUntrusted, plain } from "./quote-untrusted.ts";
import {
  APPROVAL_TIMEOUT_MS,
  CALL_DEADLINE_MS,
  DEFAULT_TOOL_HISTORY,
  DEFAULT_TOOL_WAIT_S,
  MAX_RESULT_BYTES,
} from "./limits.ts";
import { ask } from "./ask-tool.ts";
import { roomTool } from "./room-tool.ts";
import { historyFacts, itemsFacts, newsFacts, statusFacts, whoFacts } from "./tool-facts.ts";
import { readArgs } from "./read-args.ts";
import type { ToolArgs, ToolName } from "./tools.ts";
import { LATE, within } from "./within.ts";

/**
 * What a model is shown. Some clients show only `data`, so it says everything the text says: besides the facts it contains
 * the text itself, with peers' words fenced.
 */
export interface ToolAnswer {
  readonly text: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

/** What a call needs besides the room's context. */
export interface CallParts {
  readonly ask: AskPerson;
  /** This program's executable. */
  readonly bundle: string;
}

const NOBODY: CallParts = { ask: async () => "cannot-ask", bundle: "agora" };

/** Carries out one call from the model; returns what to show it, or why not. */
export async function callTool(
  name: ToolName,
  args: unknown,
  around: CommandContext,
  clock: Clock,
  parts: CallParts = NOBODY,
): Promise<Result<ToolAnswer>> {
  const waits =
    name === "wait" || name === "ask" ? waitSeconds(name, args) * 1_000 : name === "room" ? APPROVAL_TIMEOUT_MS : 0;
  try {
    const answer = await within(CARRY_OUT[name](args, around, parts), CALL_DEADLINE_MS + waits, clock);
    if (answer === LATE)
      return fail("timeout", "The room's daemon did not answer in time; `status` shows what was sent.");
    if (!answer.ok) return answer;
    const told: ToolAnswer = typeof answer.value === "string" ? { text: answer.value } : answer.value;
    const { text, data } = told;
    return ok(name === "say" ? told : { text, data: { ...data, text } });
  } catch (error) {
    return fail("internal", error instanceof Error ? error.message : "Something unforeseen happened.");
  }
}

type Work = (args: unknown, around: CommandContext, parts: CallParts) => Promise<Result<string | ToolAnswer>>;

const CARRY_OUT: Readonly<Record<ToolName, Work>> = {
  say: reading("say", say),
  ask: reading("ask", ask),
  inbox: reading("inbox", (_, around) => inbox(around)),
  history: reading("history", history),
  who: reading("who", who),
  status: reading("status", status),
  poll: reading("poll", (_, around) => poll(around)),
  room: reading("room", (args, around, { ask, bundle }) => roomTool(args, { around, ask, bundle })),
  wait: reading("wait", ({ seconds }, around) => wait(seconds ?? DEFAULT_TOOL_WAIT_S, around)),
};

/** Calls `work` only with arguments that fit the tool's schema. */
function reading<N extends ToolName>(
  name: N,
  work: (args: ToolArgs<N>, around: CommandContext, parts: CallParts) => Promise<Result<string | ToolAnswer>>,
): Work {
  return async (args, around, parts) => {
    const read = readArgs(name, args);
    return read.ok ? await work(read.value, around, parts) : read;
  };
}

async function say(args: ToolArgs<"say">, around: CommandContext): Promise<Result<ToolAnswer>> {
  const answer = await runCommand(sayCommand(args), around);
  if (!answer.ok) return answer;
  const { id, thread, state, reason, to, deliveries, notes, file } = answer.data;
  const data = {
    id,
    thread,
    state,
    ...(reason === undefined ? {} : { reason: harmlessLine(reason) }),
    to,
    deliveries: deliveries.map((one) => ({ member: one.member, state: one.state, ...why(one.reason) })),
    notes: notes.map((note) => harmlessLine(note)),
    ...(file === undefined ? {} : { file: { name: harmlessLine(file.name), size: file.size, state: file.state } }),
  };
  return ok({ text: plain(answer.lines.join("\n")), data });
}

const why = (reason: string | undefined) => (reason === undefined ? {} : { reason: harmlessLine(reason) });

/** A model may write mentions into the text as people do, or name them in `to`; both count, each once. */
function sayCommand(args: ToolArgs<"say">): CommandOf<"say"> {
  const place = leadingChannel(args.text);
  const channel = args.channel ?? place.channel;
  const led = leadingAddresses(args.channel === undefined ? place.text : args.text);
  const to = [...(args.to ?? []).map((name) => name.replace(/^@/, "")), ...led.addresses];
  return {
    name: "say",
    to: [...new Set(to)],
    channel,
    text: led.text,
    thread: args.thread,
    file: args.file,
    asAgent: false,
  };
}

async function who({ name }: ToolArgs<"who">, around: CommandContext): Promise<Result<ToolAnswer>> {
  const answer = await runCommand({ name: "who", member: name?.replace(/^@/, "") }, around);
  return answer.ok ? ok({ text: quoteUntrusted(answer.lines.join("\n")), data: whoFacts(answer.data) }) : answer;
}

async function status({ id }: ToolArgs<"status">, around: CommandContext): Promise<Result<ToolAnswer>> {
  const answer = await runCommand({ name: "status", id }, around);
  return answer.ok ? ok({ text: quoteUntrusted(answer.lines.join("\n")), data: statusFacts(answer.data) }) : answer;
}

async function history(args: ToolArgs<"history">, around: CommandContext): Promise<Result<ToolAnswer>> {
  const daemon = await around.daemon();
  if (!daemon.ok) return daemon;
  const answer = await daemon.value.request("history", {
    via: "tool",
    limit: args.limit ?? DEFAULT_TOOL_HISTORY,
    ...(args.with === undefined ? {} : { with: args.with.replace(/^@/, "") }),
    ...(args.thread === undefined ? {} : { thread: args.thread }),
    ...(args.channel === undefined ? {} : { channel: args.channel }),
    ...(args.around === undefined ? {} : { around: args.around }),
  });
  if (!answer.ok) return answer;
  const { lines, more } = answer.value;
  const data = historyFacts(answer.value);
  if (lines.length === 0) return ok({ text: "Nothing was said yet.", data });
  const shown = fenced(lines, around.now());
  const rest = more ? "\nThere is more before this: ask with a higher limit, or for one thread." : "";
  return ok({ text: `${shown}${rest}`, data });
}

async function inbox(around: CommandContext): Promise<Result<ToolAnswer>> {
  const daemon = await around.daemon();
  if (!daemon.ok) return daemon;
  const answer = await daemon.value.request("inbox", { via: "tool" });
  if (!answer.ok) return answer;
  const { items } = answer.value;
  const text = items.length === 0 ? "Nothing waits." : showItems(items, around.now());
  return ok({ text, data: itemsFacts(items) });
}

async function poll(around: CommandContext): Promise<Result<ToolAnswer>> {
  const daemon = await around.daemon();
  if (!daemon.ok) return daemon;
  const answer = await daemon.value.request("prompt", { typed: false, poll: true });
  if (!answer.ok) return answer;
  const { items, skipped, inbox: waiting, notices = [] } = answer.value;
  const told = notices.map((notice) => `Agora: ${notice}.`).join("\n");
  const data = newsFacts(answer.value);
  if (items.length === 0) return ok({ text: told === "" ? "Nothing new." : told, data });
  const bounds = { tag: newFenceTag(), maxBytes: MAX_RESULT_BYTES, now: around.now() };
  const news = renderForModel(items, { ...bounds, skipped, inbox: waiting });
  return ok({ text: told === "" ? news : `${told}\n${news}`, data });
}

async function wait(seconds: number, around: CommandContext): Promise<Result<ToolAnswer>> {
  const daemon = await around.daemon();
  if (!daemon.ok) return daemon;
  const timeoutMs = seconds * 1_000 + CALL_DEADLINE_MS;
  const answer = await daemon.value.request("wait", { via: "tool", timeoutS: seconds }, { timeoutMs });
  if (!answer.ok) return answer;
  const { items, timedOut, stopped, refused } = answer.value;
  const over = stopped ?? refused;
  const parts = [
    ...(items.length === 0 ? [] : [showItems(items, around.now())]),
    ...(over === undefined
      ? []
      : [`Waiting is over: ${harmlessLine(over)}. Don't wait again unless the user says so.`]),
    ...(timedOut ? [`Nothing came within ${seconds} s.`] : []),
  ];
  return ok({ text: parts.join("\n"), data: { ...itemsFacts(items), timedOut, over: over !== undefined } });
}

function waitSeconds(name: "wait" | "ask", args: unknown): number {
  if (name === "wait") {
    const read = readArgs(name, args);
    return read.ok ? (read.value.seconds ?? DEFAULT_TOOL_WAIT_S) : 0;
  }
  const read = readArgs(name, args);
  return read.ok ? (read.value.wait ?? 0) : 0;
}

function showItems(items: readonly InboxItem[], now: number): string {
  const states = items.map((item) => `${item.thread.slice(0, 8)} ${STATES[item.state]}`).join("; ");
  return `${fenced(items.map(lineOf), now)}\nBy thread: ${states}.`;
}

const STATES: Record<InboxItem["state"], string> = {
  open: "waits for the person",
  auto: "is being answered by a session",
  accepted: "was accepted by the person",
};

function lineOf(item: InboxItem): Line {
  const { id, thread, role, text, at, file } = item;
  const base = {
    id,
    thread,
    author: item.from,
    role,
    kind: "message",
    to: [],
    text,
    time: at,
    at,
    hop: 0,
    mine: false,
  };
  return file === undefined ? base : { ...base, file };
}

function fenced(lines: readonly Line[], now: number): string {
  const items: Handed["items"] = lines.map((line) => ({ line, again: false, asked: false }));
  return renderForModel(items, { tag: newFenceTag(), maxBytes: MAX_RESULT_BYTES, now });
}
