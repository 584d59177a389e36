// The room's card: what the room is for, and the repositories that its people work in. It is shown, and nothing in it is ever run or
// fetched by itself.
import * as z from "zod/mini";
import { harmlessLine } from "./harmless.ts";
import { MAX_CARD_PURPOSE_CHARS, MAX_CARD_TITLE_CHARS, MAX_REPOSITORIES, MAX_REPOSITORY_URL_CHARS } from "./limits.ts";

export const CARD = "application/agora-card+json";

const LABEL = /^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/;
const HOST = /^[A-Za-z0-9][A-Za-z0-9.-]*$/;
/** `git@host:path`, as git itself reads it. */
const SCP = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}@[A-Za-z0-9][A-Za-z0-9.-]{0,252}:(?!\/\/)[^-\s:][^\s]*$/;

/** Whether a word can label a repository: 1 to 40 of letters, digits, `.`, `_` and `-`. [CARD-2] */
export function isRepositoryLabel(word: string): boolean {
  return LABEL.test(word);
}

/**
 * Whether a text is the address of a repository: `https`, `ssh` or `git`, or `git@host:path`; without a password, a token, a
 * query or a fragment, and in printable ASCII. [CARD-2]
 */
export function isRepositoryUrl(text: string): boolean {
  if (text.length > MAX_REPOSITORY_URL_CHARS || !/^[\x21-\x7e]+$/.test(text)) return false;
  if (SCP.test(text)) return !/[?#]/.test(text);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !HOST.test(url.hostname) || url.password !== "") return false;
  if (/[?#\\]/.test(text)) return false;
  return url.protocol === "ssh:"
    ? /^[A-Za-z0-9_.][A-Za-z0-9_.-]*$|^$/.test(url.username)
    : (url.protocol === "https:" || url.protocol === "git:") && url.username === "" && !text.includes("@");
}

/** A text of one line that shows as it is: nothing invisible, nothing that turns a direction. */
const line = (most: number) =>
  z.string().check(
    z.minLength(1),
    z.maxLength(most),
    z.refine((text) => text === harmlessLine(text, most) && text.trim() === text),
  );

export const repositorySchema = z.object({
  url: z.string().check(z.refine(isRepositoryUrl)),
  label: z.string().check(z.refine(isRepositoryLabel)),
});

/** The body of a `card` event; what it does not say, the room's card does not say any more. [CARD-1] */
export const cardSchema = z.object({
  title: z.optional(line(MAX_CARD_TITLE_CHARS)),
  purpose: z.optional(line(MAX_CARD_PURPOSE_CHARS)),
  repositories: z.optional(
    z.array(repositorySchema).check(
      z.maxLength(MAX_REPOSITORIES),
      z.refine((all) => new Set(all.map(({ label }) => label)).size === all.length),
    ),
  ),
  /** An operator's or a lead's grant bound to the event's key, as in a control. */
  grant: z.optional(z.string().check(z.maxLength(4096))),
});

export type Repository = z.infer<typeof repositorySchema>;
export type Card = z.infer<typeof cardSchema>;
