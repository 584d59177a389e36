// An invite: one word that tells a newcomer where a room is and by what it enters.
import * as z from "zod/mini";
import { keySchema, memberSchema, roomSchema } from "./event.ts";
import { MAX_INVITE_CHARS } from "./limits.ts";
import { parseRelayAddress } from "./origin.ts";

/** What is sealed in a link, characters. */
const MAX_BOX_CHARS = 6_000;

/** What an invite tells a newcomer: relay, room, the room's root key if it has one, and the token or grant. */
export const inviteSchema = z.object({
  v: z.literal(1),
  relay: z.string().check(z.refine((address) => parseRelayAddress(address).ok)),
  room: roomSchema,
  root: z.optional(keySchema),
  /** The relay's own key. [PROOF-3] */
  relayKey: z.optional(keySchema),
  token: z.string().check(z.regex(/^[\x21-\x7e]{1,4096}$/)),
  /** The private half of the key that a grant for the lobby names, 32 bytes. [LOBBY-1] */
  secret: z.optional(keySchema),
  /** For another device of who is called so: its key, sealed for the code that it showed. [INVITE-2] */
  link: z.optional(
    z.object({
      name: memberSchema,
      key: keySchema,
      box: z.string().check(z.regex(/^[\w-]{40,}$/), z.maxLength(MAX_BOX_CHARS)),
    }),
  ),
});

export type Invite = z.infer<typeof inviteSchema>;

const INVITE_PREFIX = "agora1.";

/** One word to paste: `agora1.` and base64url of the JSON. */
export function encodeInvite(invite: Invite): string {
  const bytes = new TextEncoder().encode(JSON.stringify(invite));
  const base64 = btoa(String.fromCodePoint(...bytes));
  return INVITE_PREFIX + base64.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** How many characters the box of a link for this name may have: with more of them the word would be no invite. */
export function maxBoxChars(invite: Invite, name: string): number {
  const others = encodeInvite({ ...invite, link: { name, key: "-".repeat(43), box: "" } }).length;
  return Math.min(MAX_BOX_CHARS, Math.floor(((MAX_INVITE_CHARS - others) * 3) / 4) - 3);
}

/** Parses an invite; undefined when the word isn't one, isn't complete, or leads to no relay. [INVITE-1] */
export function decodeInvite(word: string): Invite | undefined {
  const text = word.trim();
  if (!text.startsWith(INVITE_PREFIX) || text.length > MAX_INVITE_CHARS) return undefined;
  try {
    const base64 = text.slice(INVITE_PREFIX.length).replaceAll("-", "+").replaceAll("_", "/");
    const bytes = Uint8Array.from(atob(base64), (c) => c.codePointAt(0)!);
    const parsed = inviteSchema.safeParse(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
