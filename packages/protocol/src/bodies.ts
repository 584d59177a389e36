// The bodies that this version gives a meaning: the offer of a file and the operator's control. Messages are plain text.
import * as z from "zod/mini";
import { keySchema, memberSchema } from "./event.ts";

export const TEXT = "text/plain";
export const FILE_OFFER = "application/agora-file+json";
export const CONTROL = "application/agora-control+json";

/** The body of a `file` event: what is offered; the bytes are asked for by `file` frames. [FILE-2] */
export const fileOfferSchema = z.object({
  name: z.string().check(z.minLength(1), z.maxLength(255)),
  size: z.int().check(z.nonnegative()),
  sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  media: z.optional(z.string().check(z.maxLength(100))),
  text: z.optional(z.string()),
});

/**
 * The body of a `control` event: the operator's word, and the grant that entitles its key. [CONTROL-1]
 * `pause` holds delivery, `resume` ends it; `stop` refuses sends until `reset`; `kick` and `ban` name whom.
 */
export const controlSchema = z.object({
  act: z.enum(["pause", "resume", "stop", "reset", "kick", "ban", "unban"]),
  member: z.optional(memberSchema),
  key: z.optional(keySchema),
  reason: z.optional(z.string().check(z.maxLength(500))),
  grant: z.string().check(z.maxLength(4096)),
});

export type FileOffer = z.infer<typeof fileOfferSchema>;
export type Control = z.infer<typeof controlSchema>;

/** Reads a JSON body by its schema; undefined when it does not fit, which is the author's fault and shown as such. */
export function readBody<T>(schema: z.ZodMiniType<T>, body: string): T | undefined {
  try {
    const parsed = schema.safeParse(JSON.parse(body));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
