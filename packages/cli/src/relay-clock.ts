// A relay's clock, for signing something that the relay will check against it.
import { request as plainRequest } from "node:http";
import { request as tlsRequest } from "node:https";

const ANSWER_WITHIN_MS = 3_000;

/**
 * Asks a relay for its time (unix milliseconds, whole seconds), using the `Date` header of `GET /healthz`; `url` is its
 * WebSocket address. Undefined when it doesn't answer in time.
 */
export function relayClock(url: string, ca?: string): Promise<number | undefined> {
  const { protocol, host } = new URL(url);
  const isTls = protocol === "wss:";
  const send = isTls ? tlsRequest : plainRequest;
  return new Promise((resolve) => {
    const asked = send(
      `${isTls ? "https" : "http"}://${host}/healthz`,
      { timeout: ANSWER_WITHIN_MS, ...(ca === undefined ? {} : { ca }) },
      (answer) => {
        answer.resume();
        const ms = Date.parse(answer.headers.date ?? "");
        resolve(Number.isNaN(ms) ? undefined : ms);
      },
    );
    asked.once("timeout", () => asked.destroy(new Error("no answer")));
    asked.once("error", () => resolve(undefined));
    asked.end();
  });
}
