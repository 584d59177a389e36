// What the person decided about automatic turns besides the mode: who may wake an agent and who may only leave a word, and
// where another mode holds. A fold over inbox.jsonl; what becomes of a mention by these rules is decided in dispatcher.ts.

/** `wake`: a mention is handed to an agent at once, in automatic mode. `word`: it waits for the person, as in manual mode. */
export type May = "wake" | "word";
export type Mode = "manual" | "auto";

/** Plain JSON. */
export interface ReplyRules {
  /** What everybody may who is not named; without it, wake. */
  everyone?: May;
  /** By name. */
  readonly members: Record<string, May>;
  /** By `#channel`, or by the id of a thread. */
  readonly places: Record<string, Mode>;
}

export type RuleRecord =
  /** Without `member`, for everybody; without `may`, the rule is taken back. */
  | { readonly op: "allow"; readonly at: number; readonly member?: string; readonly may?: May }
  /** Without `mode`, the general mode applies there again. */
  | { readonly op: "mode-at"; readonly at: number; readonly place: string; readonly mode?: Mode };

/** Rules kept of each kind. One more is refused: what was forgotten would let somebody wake an agent who may not. */
export const MAX_RULES = 500;

/** No rules. */
export function noRules(): ReplyRules {
  return { members: {}, places: {} };
}

/** Folds one decision, in place. */
export function foldRule(rules: ReplyRules, record: RuleRecord): ReplyRules {
  if (record.op === "mode-at") put(rules.places, record.place, record.mode);
  else if (record.member !== undefined) put(rules.members, record.member, record.may);
  else if (record.may === undefined) delete rules.everyone;
  else rules.everyone = record.may;
  return rules;
}

function put<T>(entries: Record<string, T>, name: string, value: T | undefined): void {
  delete entries[name];
  if (value !== undefined) entries[name] = value;
}

/** What a member may; one may be called "constructor", which every object has without having been given it. */
export function mayOf({ everyone = "wake", members }: ReplyRules, name: string): May {
  return Object.hasOwn(members, name) ? members[name]! : everyone;
}

/** The mode where something was said: that of its thread, else of its channel, else the general one. */
export function modeAt(
  { places }: ReplyRules,
  { thread, channel }: { readonly thread: string; readonly channel?: string | undefined },
  general: Mode,
): Mode {
  const place = [thread, `#${channel ?? ""}`].find((one) => Object.hasOwn(places, one));
  return place === undefined ? general : places[place]!;
}

/** Whether there is room for another rule under this name. */
export function isFull(entries: Readonly<Record<string, unknown>>, name: string): boolean {
  return !Object.hasOwn(entries, name) && Object.keys(entries).length >= MAX_RULES;
}
