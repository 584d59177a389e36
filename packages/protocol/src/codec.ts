// Encodes and decodes frames. Everything that arrives is validated here, once, at the edge.
import type * as z from "zod/mini";
import { type FromClient, fromClientSchema, type FromRelay, fromRelaySchema } from "./frames.ts";
import { harmlessLine } from "./harmless.ts";
import { fail, ok, type Result } from "./result.ts";
import { isLongerThan } from "./utf8.ts";

export type DecodeCode = "bad-frame" | "unknown-type" | "too-big";

const CLIENT_TYPES: ReadonlySet<string> = new Set([
  "hello",
  "join",
  "leave",
  "post",
  "deliver",
  "receipts",
  "presence",
  "channels",
  "file",
  "heal",
  "knock",
]);
const RELAY_TYPES: ReadonlySet<string> = new Set([
  "challenge",
  "welcome",
  "joined",
  "refused",
  "stamped",
  "event",
  "receipts",
  "presence",
  "file",
  "heal",
  "knock",
]);

function decode<T>(
  text: string,
  maxBytes: number,
  schema: z.ZodMiniType<T>,
  types: ReadonlySet<string>,
): Result<T, DecodeCode> {
  if (isLongerThan(text, maxBytes)) return fail("too-big", `A frame may have ${maxBytes} bytes.`);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return fail("bad-frame", "The frame is not JSON.");
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return ok(parsed.data);
  const type: unknown = typeof json === "object" && json !== null && "type" in json ? json.type : undefined;
  if (typeof type !== "string") return fail("bad-frame", 'The frame has no "type".');
  if (!types.has(type)) return fail("unknown-type", `The frame type "${harmlessLine(type, 32)}" is not known here.`);
  return fail("bad-frame", `The "${type}" frame has no good "${parsed.error.issues[0]?.path.join(".") ?? ""}".`);
}

/** Decodes a frame sent by a client. [FRAME-1] [FRAME-2] [FRAME-3] */
export function decodeFromClient(text: string, maxBytes: number): Result<FromClient, DecodeCode> {
  return decode(text, maxBytes, fromClientSchema, CLIENT_TYPES);
}

/** Decodes a frame sent by a relay; a client ignores what it doesn't know. [FRAME-2] */
export function decodeFromRelay(text: string, maxBytes: number): Result<FromRelay, DecodeCode> {
  return decode(text, maxBytes, fromRelaySchema, RELAY_TYPES);
}

/** Encodes a frame as text. */
export function encode(frame: FromClient | FromRelay): string {
  return JSON.stringify(frame);
}
