// The body of a request: JSON, bounded, all or nothing.
import type { IncomingMessage } from "node:http";
import { fail, ok, type Result } from "@agora/protocol";
import { MAX_BODY_BYTES } from "../limits.ts";

type BodyCode = "too-long" | "wrong-type" | "bad-request";

/** Reads the JSON body; an empty one is `{}`. */
export async function readJson(request: IncomingMessage): Promise<Result<unknown, BodyCode>> {
  const tooLong = fail("too-long" as const, `A request's body may have ${MAX_BODY_BYTES} bytes.`);
  if (Number(request.headers["content-length"] ?? 0) > MAX_BODY_BYTES) return tooLong;
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > MAX_BODY_BYTES) return tooLong;
      chunks.push(chunk);
    }
  } catch {
    return fail("bad-request", "The body did not come whole.");
  }
  if (size === 0) return ok({});
  // Also keeps out web forms: they can't send this type across origins without a preflight.
  if (!/^application\/json\s*(;|$)/i.test(request.headers["content-type"] ?? "")) {
    return fail("wrong-type", "The body is JSON: send it with `Content-Type: application/json`.");
  }
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks));
    return ok(JSON.parse(text));
  } catch {
    return fail("bad-request", "The body is not JSON.");
  }
}
