// Which body belongs to which kind. An event of a known kind may come in an unknown form: a newer one, or a signed one.
// Reading its body as the kind's usual form would show or obey bytes that mean something else.
import { BUDGET, CHANNEL, CONTROL, FILE_OFFER, GRANT, TEXT } from "./bodies.ts";
import type { Head, KINDS } from "./event.ts";
import { ANSWER, DECISION, QUESTION } from "./question.ts";

/** The media type of each kind's body, where it has one. */
const MEDIA_OF: Readonly<Record<Exclude<(typeof KINDS)[number], "void" | "ping">, string>> = {
  message: TEXT,
  file: FILE_OFFER,
  control: CONTROL,
  budget: BUDGET,
  grant: GRANT,
  channel: CHANNEL,
  question: QUESTION,
  answer: ANSWER,
  decision: DECISION,
};

/** Whether this version understands an event: it knows the kind and the form of its body. [EVENT-11] */
export function isUnderstood({ kind, body }: Pick<Head, "kind" | "body">): boolean {
  if (kind === "void" || kind === "ping") return true;
  return Object.hasOwn(MEDIA_OF, kind) && essence(body.media) === MEDIA_OF[kind as keyof typeof MEDIA_OF];
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
