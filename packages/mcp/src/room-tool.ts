// The tool for rarely needed actions, grouped to keep the list short: one verb per action. What is the person's to decide
// (accepting, speaking in their name, automatic mode) is confirmed by them first, in the client's own dialog.
import { type Command, newFenceTag, renderAccepted, runCommand, type CommandContext } from "@agora/commands";
import { cutText, fail, harmless, harmlessLine, ok, type Result } from "@agora/protocol";
import type { Confirmation, AskPerson } from "./client-confirmation.ts";
import { quoteUntrusted } from "./quote-untrusted.ts";
import { MAX_RESULT_BYTES } from "./limits.ts";
import { ofQuestions } from "./ask-tool.ts";
import type { ToolAnswer } from "./tool-calls.ts";
import { whoamiFacts } from "./tool-facts.ts";
import type { ToolArgs } from "./tools.ts";

export interface RoomToolParts {
  readonly around: CommandContext;
  readonly ask: AskPerson;
  /** The executable, for the command that waits in the background. */
  readonly bundle: string;
}

const MAX_QUOTED = 600;

/** Carries out one action. */
export async function roomTool(args: ToolArgs<"room">, parts: RoomToolParts): Promise<Result<string | ToolAnswer>> {
  const { around } = parts;
  const { action, thread, channel, text, mode } = args;
  const need = needs(args);
  if (need !== undefined) return fail("bad-request", `room ${action} needs ${need}.`);
  switch (action) {
    case "whoami":
      return await whoami(around);
    case "start":
    case "stop":
      return await run({ name: action }, around);
    case "reject":
      return await run({ name: "reject", thread: thread!, reason: text }, around);
    case "mode":
      return await setMode(mode, { channel, thread }, parts);
    case "accept":
      return await accept(thread!, text, parts);
    case "append":
      return await append(thread!, text!, parts);
    case "busy":
      return await run({ name: "busy", text }, around);
    case "questions":
    case "decisions":
    case "withdraw":
      return await ofQuestions(action, thread, around);
    case "card":
    case "channels":
      return data(await run({ name: action }, around));
    case "join":
    case "leave":
    case "topic":
      return data(await run({ name: action, channel: channel!, text }, around));
    case "react":
      return await run({ name: "react", id: thread!, text: text ?? "" }, around);
    case "wait-command":
      return ok(waitCommand(parts));
    case "bring-word":
      return await bringWord(text!, around);
  }
}

const NEEDS_THREAD: ReadonlySet<string> = new Set(["reject", "accept", "append", "withdraw", "react"]);

const NEEDS_CHANNEL: ReadonlySet<string> = new Set(["join", "leave", "topic"]);

/** Which required argument of an action is missing, if any. */
function needs({ action, thread, channel, text }: ToolArgs<"room">): string | undefined {
  if (NEEDS_THREAD.has(action) && thread === undefined) return "thread";
  if (NEEDS_CHANNEL.has(action) && channel === undefined) return "channel";
  return (action === "append" || action === "bring-word") && text === undefined ? "text" : undefined;
}

async function run(command: Command, around: CommandContext): Promise<Result<string>> {
  const answer = await runCommand(command, around);
  return answer.ok ? ok(harmless(answer.lines.join("\n"))) : answer;
}

async function whoami(around: CommandContext): Promise<Result<ToolAnswer>> {
  const answer = await runCommand({ name: "whoami" }, around);
  return answer.ok ? ok({ text: harmless(answer.lines.join("\n")), data: whoamiFacts(answer.data) }) : answer;
}

/** Topics are in members' own words. */
function data(answer: Result<string>): Result<string> {
  return answer.ok ? ok(quoteUntrusted(answer.value)) : answer;
}

/** The same context, with the person's approval. */
function approved(around: CommandContext): CommandContext {
  return { ...around, via: "dialog" };
}

/** Shows or sets the mode, in general or of one place; only manual needs no word of the person. */
async function setMode(
  mode: "manual" | "auto" | undefined,
  { channel, thread }: Pick<ToolArgs<"room">, "channel" | "thread">,
  { around, ask }: RoomToolParts,
): Promise<Result<string>> {
  if (mode === undefined) return await run({ name: "mode" }, around);
  if (channel !== undefined && thread !== undefined)
    return fail("bad-request", "Name a channel or a thread, not both.");
  const place = { ...(channel === undefined ? {} : { channel }), ...(thread === undefined ? {} : { thread }) };
  if (mode === "manual") return await run({ name: "mode", mode, ...place }, around);
  const [where, option] =
    channel !== undefined
      ? [` in #${harmlessLine(channel.replace(/^#/, ""), 40)}`, ` --in ${harmlessLine(channel, 40)}`]
      : thread !== undefined
        ? [` in the thread ${harmlessLine(thread, 64)}`, ` --thread ${harmlessLine(thread, 64)}`]
        : ["", ""];
  const answer = await ask(
    `Agora: switch to automatic mode${where}? Mentions from the room are then answered by the agent without asking you first.`,
  );
  if (answer !== "approved") return refused(answer, `mode auto${option}`, around);
  return await run({ name: "mode", mode: "auto", ...place }, approved(around));
}

async function append(thread: string, text: string, { around, ask }: RoomToolParts): Promise<Result<string>> {
  const quoted = cutText(harmless(text), MAX_QUOTED);
  const rest = text.length > MAX_QUOTED ? ` … (${text.length} characters in all)` : "";
  const answer = await ask(
    `Agora: say this in your own name in thread ${harmlessLine(thread, 64)}?\n\n${quoted}${rest}`,
  );
  if (answer !== "approved") return refused(answer, `append ${thread} TEXT`, around);
  return await run({ name: "append", thread, text }, approved(around));
}

async function accept(thread: string, extra: string | undefined, parts: RoomToolParts): Promise<Result<string>> {
  const { around, ask } = parts;
  const inbox = await runCommand({ name: "inbox" }, around);
  if (!inbox.ok) return inbox;
  const fitting = inbox.data.filter((item) => item.thread.startsWith(thread) && item.answers === undefined);
  const [item] = fitting;
  if (item === undefined || fitting.length > 1)
    return fail("unknown-thread", `There is no such thread in the inbox, or several: ${harmlessLine(thread, 64)}.`);
  const quoted = cutText(harmless(item.text), MAX_QUOTED);
  const rest = item.text.length > MAX_QUOTED ? ` … (${item.text.length} characters in all)` : "";
  const from = harmlessLine(item.from, 60);
  const added = extra === undefined ? "" : `\n\nThe agent adds: ${harmlessLine(extra, 200)}`;
  const answer = await ask(`Agora: hand ${from}'s request to this session?\n\n${quoted}${rest}${added}`);
  if (answer !== "approved") return refused(answer, `accept ${item.thread.slice(0, 8)}`, around);
  const accepted = await runCommand({ name: "accept", thread: item.thread }, approved(around));
  if (!accepted.ok) return accepted;
  return ok(renderAccepted(accepted.data, { tag: newFenceTag(), maxBytes: MAX_RESULT_BYTES, now: around.now() }));
}

function refused(answer: Confirmation, typed: string, { prefix }: CommandContext): Result<string> {
  const how = `They can type ${prefix}${harmlessLine(typed, 100)} themselves.`;
  return answer === "refused"
    ? fail("not-allowed", `The person did not approve it, so nothing was done. ${how}`)
    : fail("not-allowed", `This belongs to the person, and this client can't ask them here. ${how}`);
}

/** The user tests whether this session can be woken; only its model can answer. */
async function bringWord(word: string, around: CommandContext): Promise<Result<string>> {
  const daemon = await around.daemon();
  if (!daemon.ok) return daemon;
  const answer = await daemon.value.request("bringWord", { word: word.trim() });
  if (!answer.ok) return answer;
  return ok(answer.value.known ? "The test knows now that this session was woken." : "No test waits for this word.");
}

function waitCommand({ around, bundle }: RoomToolParts): string {
  const words = [process.execPath, bundle, "wait", "--project", around.project].map(quote).join(" ");
  return [
    `Run in the background; it prints what came and ends: ${words}`,
    "Exit 0: something came (inbox or poll show it), or the time was over and it can be started again. Exit 3 (an operator or the person stopped the room) and 4 (the relay refuses this member): it must not be started again.",
  ].join("\n");
}

function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
