// Which body belongs to which kind. An event of a known kind may come in an unknown form: a newer one, or a signed one.
// Reading its body as the kind's usual form would show or obey bytes that mean something else.
import { BUDGET, CHANNEL, CONTROL, FILE_OFFER, GRANT, TEXT } from "./bodies.ts";
import type { Head } from "./event.ts";
import { KEY_STATEMENT } from "./key-statement.ts";
import { OWN_STATE } from "./own-state.ts";
import { CARD } from "./card.ts";
import { ADMISSION, CLAIM, JOIN_REQUEST } from "./lobby.ts";
import { ANSWER, DECISION, QUESTION } from "./question.ts";

/** What is true of every event of one kind. */
export interface KindRow {
  /** The media type of its body; if absent, the body means nothing. */
  readonly media?: string;
  /** If addressed to a member, it waits in that member's inbox. */
  readonly inbox?: true;
  /** If said to the whole room, sessions are shown it. */
  readonly talk?: true;
  /** If addressed to a member, it is finished on arrival. */
  readonly service?: true;
  /** It is shown to nobody. */
  readonly silent?: true;
  /** Newcomers need it, whatever its age. */
  readonly state?: true;
}

/** The kinds this version knows; others are legal and shown as unknown, or refused when `must` is set. [EVENT-8] */
const ROWS = {
  message: { media: TEXT, inbox: true, talk: true },
  file: { media: FILE_OFFER, inbox: true, talk: true },
  control: { media: CONTROL, talk: true, state: true },
  void: { silent: true },
  budget: { media: BUDGET, service: true },
  grant: { media: GRANT, service: true, state: true },
  ping: { service: true, silent: true },
  channel: { media: CHANNEL, service: true, state: true },
  card: { media: CARD, service: true, state: true },
  question: { media: QUESTION, inbox: true },
  answer: { media: ANSWER, inbox: true },
  decision: { media: DECISION, talk: true },
  key: { media: KEY_STATEMENT, service: true, silent: true, state: true },
  self: { media: OWN_STATE, service: true, silent: true, state: true },
  reaction: { media: TEXT, service: true, silent: true },
  claim: { media: CLAIM, service: true, silent: true },
  "join-request": { media: JOIN_REQUEST, service: true, silent: true },
  admission: { media: ADMISSION, service: true, silent: true },
} as const satisfies Readonly<Record<string, KindRow>>;

/** A kind this version knows. */
export type Kind = keyof typeof ROWS;

/** The names of the kinds this version knows. */
export const KINDS = Object.keys(ROWS) as readonly Kind[];

/** How a kind unknown to this version is treated: as a message that can't be shown. */
const UNKNOWN: KindRow = { inbox: true, talk: true };

/** The row of a kind. */
export function kindOf(kind: string): KindRow {
  return Object.hasOwn(ROWS, kind) ? ROWS[kind as Kind] : UNKNOWN;
}

/** Whether this version knows a kind. */
export function isKnownKind(kind: string): kind is Kind {
  return Object.hasOwn(ROWS, kind);
}

/** Whether this version understands an event: it knows the kind and the form of its body. [EVENT-11] */
export function isUnderstood({ kind, body }: Pick<Head, "kind" | "body">): boolean {
  if (!isKnownKind(kind)) return false;
  const { media } = kindOf(kind);
  return media === undefined || essence(body.media) === media;
}

/** Whether a body can be read as text, whatever its kind. */
export function isText({ body }: Pick<Head, "body">): boolean {
  return essence(body.media).startsWith("text/") && !body.media.endsWith(";base64");
}

/** A media type without its parameters; `;base64` stays, since binary content is not text of the same type. [EVENT-1] */
function essence(media: string): string {
  if (media.endsWith(";base64")) return media;
  return media.split(";")[0]!.trim().toLowerCase();
}
