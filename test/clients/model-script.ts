// What a test tells the stand-in model to answer, and how one request is matched to one answer.
// Data and pure functions only: the service runs them, the tests write them.

export type Reply = string | { readonly tool: string; readonly input: Readonly<Record<string, unknown>> };

export interface Rule {
  /** All conditions given must hold; regular expressions as text, `.` matches newlines. */
  readonly when?: {
    /** Over the text of the user messages after the model's last answer (without tool results). */
    readonly user?: string;
    /** Over one of the tool results that came after it. */
    readonly toolResult?: string;
    /** Over everything that was shown after the model's last answer, hook context included. */
    readonly fresh?: string;
    /** No tool result came with it: the first request of a turn. */
    readonly firstOfTurn?: boolean;
  };
  /** Use the rule at most so often. */
  readonly times?: number;
  readonly reply: Reply | readonly Reply[];
  /** No answer until the test lets it go: a turn lasts as long as the test needs it, however slow the machine is. */
  readonly held?: boolean;
}

/** Beside the script: how many of the answers that are held the test has let go. */
export const RELEASED_FILE = "released";

export interface Script {
  /** Counts up with each replacement, so that `times` begins anew. */
  readonly edition: number;
  readonly rules: readonly Rule[];
}

/** What a rule may look at. */
export interface Question {
  readonly user: string;
  /** The last block of `user`: what was typed, without the reminders in front of it. */
  readonly typed: string;
  readonly toolResults: readonly string[];
  readonly fresh: string;
}

/** The position of the first rule that fits, or -1. `used` says how often each rule was taken. */
export function pickRule(rules: readonly Rule[], question: Question, used: ReadonlyMap<number, number>): number {
  return rules.findIndex(({ when = {}, times = Infinity }, at) => {
    if ((used.get(at) ?? 0) >= times) return false;
    if (when.firstOfTurn === true && question.toolResults.length > 0) return false;
    if (when.user !== undefined && !fits(when.user, question.user)) return false;
    if (when.fresh !== undefined && !fits(when.fresh, question.fresh)) return false;
    const { toolResult } = when;
    return toolResult === undefined || question.toolResults.some((text) => fits(toolResult, text));
  });
}

function fits(pattern: string, text: string): boolean {
  return new RegExp(pattern, "s").test(text);
}

/** `$1` in a reply is what the first group of the rule's `fresh` caught: a word that only the prompt knows. */
export function withCaptured({ when, reply }: Rule, { fresh }: Question): Rule["reply"] {
  const caught = when?.fresh === undefined ? undefined : new RegExp(when.fresh, "s").exec(fresh)?.[1];
  if (caught === undefined) return reply;
  const written = JSON.stringify(reply).replaceAll("$1", () => JSON.stringify(caught).slice(1, -1));
  return JSON.parse(written) as Rule["reply"];
}

/** What the model says when no rule fits: enough to see on a screen which prompt or tool result it answered. */
export function plainReply({ typed, toolResults }: Question): Reply {
  if (toolResults.length > 0) return `model: the tool said ${toolResults.join(" | ").slice(0, 200)}`;
  return `model: I read ${typed.slice(-80)}`;
}
