// HTTP responses: one JSON value, or one error with a code for programs and a sentence for people.
import type { ServerResponse } from "node:http";
import { safeJson } from "@agora/commands";
import type { Failure } from "@agora/protocol";

/** The HTTP status of a failure's code; unlisted codes are the caller's mistakes. */
const STATUS: Readonly<Record<string, number>> = {
  unauthorized: 401,
  refused: 403,
  "not-allowed": 403,
  observer: 403,
  "wrong-host": 403,
  "wrong-origin": 403,
  "not-found": 404,
  "unknown-thread": 404,
  "unknown-channel": 404,
  "wrong-method": 405,
  ambiguous: 409,
  taken: 409,
  "key-changed": 409,
  reset: 410,
  "too-long": 413,
  "wrong-type": 415,
  "unknown-recipient": 422,
  reused: 422,
  "too-many": 429,
  internal: 500,
  full: 503,
  gone: 503,
  disk: 503,
  timeout: 504,
};

const HEADERS = {
  "content-type": "application/json; charset=utf-8",
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
} as const;

/** Responds with a value. */
export function answerValue(response: ServerResponse, value: unknown, status = 200): void {
  write(response, status, value);
}

/** Responds with a failure. */
export function answerFailure(
  response: ServerResponse,
  failure: Failure,
  headers: Readonly<Record<string, string>> = {},
): void {
  const { code, message } = failure;
  const status = STATUS[code] ?? 400;
  const more = status === 401 ? { ...headers, "www-authenticate": 'Bearer realm="agora"' } : headers;
  write(response, status, { error: { code, message } }, more);
}

function write(
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (response.headersSent || response.destroyed) return void response.destroy();
  // A peer's text may contain characters that act in a terminal; escaped, it is still the same text.
  const body = Buffer.from(`${safeJson(value)}\n`);
  response.writeHead(status, { ...HEADERS, ...headers, "content-length": String(body.length) });
  response.end(body);
}
