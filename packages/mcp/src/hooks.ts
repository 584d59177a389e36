// What a session's hooks do, whatever the client: typed commands are carried out, turns are tracked, and what the seat
// hasn't seen is handed over. A project that never joined gets nothing, at no cost.
import { setImmediate } from "node:timers/promises";
import { renderPrimer, type CommandContext } from "@agora/commands";
import type { Handed } from "@agora/ipc";
import type { Clock } from "@agora/ports";
import { arrivedLine } from "./arrived-line.ts";
import { contextOf } from "./context.ts";
import type { HookAnswer, HookCall } from "./hook-call.ts";
import { MAX_CONTEXT_BYTES, SESSION_START_DEADLINE_MS } from "./limits.ts";
import type { Seat } from "./seat.ts";
import type { SessionCommands } from "./session-command.ts";
import { NOTHING as NONE, type Turn } from "./turn.ts";
import { type Accepted, runTyped } from "./typed-command.ts";
import type { TypedCall, TypedOnce } from "./typed-once.ts";
import { LATE, within } from "./within.ts";

export interface HookParts {
  readonly seat: Seat;
  readonly turn: Turn;
  readonly clock: Clock;
  /** How a command begins at this client's prompt. */
  readonly prefix: string;
  readonly typed: TypedOnce;
  /** What can be typed besides the room's own commands. */
  readonly commands?: SessionCommands;
  /** The client passes each of our prompts to this hook only, so a wake-up with no news can be ended here. */
  readonly ownsWakes?: boolean;
  /** Gives a typed command its context. */
  readonly withSurroundings: <T>(work: (around: CommandContext) => Promise<T>) => Promise<T>;
}

const NOTHING: HookAnswer = { answer: "nothing" };

/** Answers one hook. Never throws: the client would show an error for our trouble. */
export async function answerHook(call: HookCall, parts: HookParts, signal?: AbortSignal): Promise<HookAnswer> {
  const { seat, turn, clock } = parts;
  // What came in the same moment is read first: the daemon's word that something waits, or that the client waits no more.
  await setImmediate();
  seat.speakFor(call.session);
  let accepted = { text: "", ids: new Set<string>() as ReadonlySet<string> };
  if (isTyped(call, parts.prefix)) {
    // A client that waited too long has passed the prompt on, and its model says that nothing was sent: so nothing may be
    // sent. Its cancellation comes right after the call.
    if (signal?.aborted === true) return NOTHING;
    const carryOut = () => parts.withSurroundings((around) => runTyped(call.prompt, around, clock, parts.commands));
    const { outcome, known } = await parts.typed.run(call, carryOut, signal);
    if (outcome.answer === "block") return outcome;
    turn.handedOver();
    accepted = known ? { text: "", ids: outcome.ids } : outcome;
  }
  // The prompt itself will hand over what is waiting.
  if (call.moment === "command") return accepted.text === "" ? NOTHING : { answer: "context", text: accepted.text };
  if (!seat.membership.joined()) {
    seat.release();
    return NOTHING;
  }
  const primer = call.moment === "start" ? await primerFor(call, parts) : "";
  const unseen = await unseenBy(call, parts, accepted);
  const text = [primer, accepted.text, unseen.text].filter((part) => part !== "").join("\n");
  if (text !== "") return { answer: "context", text, ...(unseen.shown === "" ? {} : { shown: unseen.shown }) };
  const idleWake = parts.ownsWakes === true && call.moment === "prompt" && call.wake;
  return idleWake ? { answer: "block", text: "Agora: nothing new waits any more." } : NOTHING;
}

/** Whether a person typed one of our commands. */
function isTyped(call: HookCall, prefix: string): call is TypedCall {
  if (call.moment === "command") return call.prompt.startsWith(prefix);
  return call.moment === "prompt" && !call.wake && call.prompt.startsWith(prefix);
}

/** What a session is told once; a resumed session has already been told. */
async function primerFor(call: HookCall & { readonly moment: "start" }, { seat, clock }: HookParts): Promise<string> {
  const { session, source } = call;
  const begin = async (): Promise<string> => {
    const line = await seat.line({ launch: true });
    if (!line.ok || source === "resume") return "";
    const state = await line.value.request("sessionStart", { client: seat.client, session, source });
    return state.ok ? renderPrimer(state.value) : "";
  };
  try {
    const primer = await within(begin(), SESSION_START_DEADLINE_MS, clock);
    return primer === LATE ? "" : primer;
  } catch {
    return "";
  }
}

/** What was waiting for the seat: for the model, and as a line for the person. */
async function unseenBy(
  call: Followed,
  parts: HookParts,
  accepted: Omit<Accepted, "answer">,
): Promise<{ readonly text: string; readonly shown: string }> {
  try {
    const handed = await follow(call, parts.turn);
    const items = handed.items.filter(({ line }) => !accepted.ids.has(line.id));
    const maxBytes = MAX_CONTEXT_BYTES - Buffer.byteLength(accepted.text);
    return {
      text: contextOf({ ...handed, items }, parts.clock.now(), maxBytes),
      shown: arrivedLine(items, handed.skipped),
    };
  } catch {
    return { text: "", shown: "" };
  }
}

/** The moments of a turn. */
type Followed = Exclude<HookCall, { readonly moment: "command" }>;

async function follow(call: Followed, turn: Turn): Promise<Handed> {
  switch (call.moment) {
    case "start":
      return NONE; // the first prompt hands over what is waiting
    case "prompt":
      return await turn.began(!call.wake);
    case "tool":
      return await turn.usedTool();
    case "permission":
      turn.asksPerson(call.session);
      return NONE;
    case "break":
      turn.brokenOff();
      return NONE;
    case "stop":
      return await turn.ending();
  }
}
