// What a relay's clock shows, for whoever signs something that the relay will hold against it.
import { request as plainRequest } from "node:http";
import { request as tlsRequest } from "node:https";

const ANSWER_WITHIN_MS = 3_000;

/**
 * Asks a relay for its time (unix milliseconds, whole seconds), by the `Date` of its answer to `GET /healthz`; `url` is its
 * WebSocket address. Undefined when it does not answer in time.
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
