// A command the person typed at the prompt (`/agora:say @bob …`): carried out here and answered to the person, without the
// model. Either it is done or the person reads why not; it is never silently passed on to the model.
import {
  type Answer,
  newFenceTag,
  parseRaw,
  renderAccepted,
  runCommand,
  VOCABULARY,
  type Command,
  type CommandName,
  type CommandOf,
  type CommandContext,
} from "@agora/commands";
import { cutText, harmless } from "@agora/protocol";
import type { Clock } from "@agora/ports";
import type { HookAnswer } from "./hook-call.ts";
import { COMMAND_DEADLINE_MS, MAX_CONTEXT_BYTES, MAX_SHOWN_CHARS, START_DEADLINE_MS } from "./limits.ts";
import { pictureIn } from "./pasted-picture.ts";
import { readSessionCommand, type SessionCommands } from "./session-command.ts";
import { LATE, within } from "./within.ts";

/** The first words of the context after an `accept`; the plugin's accept.md names them. */
export const ACCEPTED = "Accepted from the room";

/** The result of a typed command; `accepted`: the prompt goes on to the model with this context. */
export type TypedOutcome = Extract<HookAnswer, { answer: "block" }> | Accepted;

export interface Accepted {
  readonly answer: "accepted";
  readonly text: string;
  /** The events it shows: they need not be handed over again. */
  readonly ids: ReadonlySet<string>;
}

/** Carries out `line`, which begins with the client's prefix. */
export async function runTyped(
  line: string,
  around: CommandContext,
  clock: Clock,
  added: SessionCommands = {},
): Promise<TypedOutcome> {
  const own = readSessionCommand(line, added);
  if (own !== undefined) return await runAdded(own.run(own.words, around), clock);
  const parsed = parseRaw(line);
  if (parsed === undefined) return block(notDone("there is no such command."));
  if (!parsed.ok) return block(notDone(parsed.message, parsed.command), parsed.command);
  const { command } = parsed;
  // An accepted thread goes on to the model, along with anything pasted with it.
  const picture = command.name === "accept" ? undefined : pictureIn(line);
  if (picture !== undefined) return block(notDone(pictureRefused(picture, around.prefix), command.name), command.name);
  const deadline = VOCABULARY[command.name].launches === true ? START_DEADLINE_MS : COMMAND_DEADLINE_MS;
  try {
    const outcome = await within(carryOut(command, around), deadline, clock);
    return outcome === LATE ? block(tooLate(command, deadline, around.prefix), command.name) : outcome;
  } catch (error) {
    return block(
      notDone(error instanceof Error ? error.message : "something unforeseen happened.", command.name),
      command.name,
    );
  }
}

async function runAdded(answering: Promise<Answer>, clock: Clock): Promise<TypedOutcome> {
  try {
    const answer = await within(answering, START_DEADLINE_MS, clock);
    if (answer === LATE) return block(`Not done so far, because: it took longer than ${START_DEADLINE_MS / 1000} s.`);
    return block(answer.ok ? answer.lines.join("\n") : notDone(answer.message, "help"));
  } catch (error) {
    return block(notDone(error instanceof Error ? error.message : "something unforeseen happened.", "help"));
  }
}

async function carryOut(command: Command, around: CommandContext): Promise<TypedOutcome> {
  if (command.name === "accept") return await accept(command, around);
  const answer = await runCommand(command, around);
  return block(answer.ok ? answer.lines.join("\n") : notDone(answer.message, command.name), command.name);
}

/** The one command meant for the model: its prompt goes on, together with the thread. */
async function accept(command: CommandOf<"accept">, around: CommandContext): Promise<TypedOutcome> {
  const answer = await runCommand(command, around);
  if (!answer.ok) return block(notDone(answer.message, command.name));
  const now = around.now();
  const room = renderAccepted(answer.data, { tag: newFenceTag(), maxBytes: MAX_CONTEXT_BYTES / 2, now });
  return { answer: "accepted", text: `${ACCEPTED}. ${room}`, ids: new Set(answer.data.lines.map(({ id }) => id)) };
}

/** `name`: if words were typed, they are shown below the result. */
function block(text: string, name?: CommandName): TypedOutcome {
  const safe = harmless(text === "" ? "Done." : text);
  const cut =
    safe.length <= MAX_SHOWN_CHARS
      ? safe
      : `${cutText(safe, MAX_SHOWN_CHARS)}\n… cut here; a terminal shows all of it.`;
  return {
    answer: "block",
    text: cut,
    ...(name !== undefined && VOCABULARY[name].speaks === true ? { repeat: true } : {}),
  };
}

function notDone(message: string, name?: CommandName): string {
  return `${name === undefined || VOCABULARY[name].speaks === true ? "Not sent" : "Not done"}, because: ${message}`;
}

function pictureRefused(mark: string, prefix: string): string {
  return `a pasted picture can't go along (all that came of it is ${mark}). Give it with --file PATH, as in ${prefix}say @NAME --file PATH TEXT; to send these words themselves, put -- before the text.`;
}

function tooLate(command: Command, deadlineMs: number, prefix: string): string {
  const after = `the room's daemon did not answer within ${deadlineMs / 1000} s`;
  // The request can't be taken back, so this doesn't claim that nothing happened.
  return VOCABULARY[command.name].speaks === true
    ? `Not confirmed as sent, because: ${after}. \`${prefix}history\` shows whether it was written down; it does not go out twice by itself.`
    : `Not done so far, because: ${after}.`;
}
