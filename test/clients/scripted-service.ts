// What the stand-in models share, each a process of its own inside a test's namespace: the rules of the script as they are at
// each request, the log, and the server, which prints its port and lives as long as the test does.
import { appendFileSync, readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";
import {
  pickRule,
  plainReply,
  type Question,
  RELEASED_FILE,
  type Reply,
  type Rule,
  type Script,
  withCaptured,
} from "./model-script.ts";
import type { Logged } from "./service-log.ts";

/** What a service says to one request. */
export interface Scripted {
  readonly replies: readonly Reply[];
  /** Ends when the test lets the answer go, or nobody waits for it any more. */
  readonly mayAnswer: (response: ServerResponse) => Promise<void>;
}

const LOOK_AGAIN_MS = 20;

/** Answers by FOLDER/script.json, which is read at each request, and logs to FOLDER/requests.jsonl. What is held waits for FOLDER/released. */
export function openScript<Body>(
  folder: string,
): (request: { readonly body: Body; readonly question: Question; readonly takesRule: boolean }) => Scripted {
  const used = new Map<number, number>();
  let edition = -1;
  let count = 0;
  let heldSoFar = 0;
  const untilReleased = async (held: number, response: ServerResponse): Promise<void> => {
    while (!response.destroyed && released(folder) < held) await pause(LOOK_AGAIN_MS);
  };
  const currentRules = (): readonly Rule[] => {
    const script = JSON.parse(readFileSync(join(folder, "script.json"), "utf8")) as Script;
    if (script.edition !== edition) used.clear();
    edition = script.edition;
    return script.rules;
  };
  return ({ body, question, takesRule }) => {
    const rules = takesRule ? currentRules() : [];
    const at = pickRule(rules, question, used);
    const rule = rules[at];
    used.set(at, (used.get(at) ?? 0) + 1);
    const logged: Logged<Body> = { number: ++count, at: Date.now(), rule: at, body };
    appendFileSync(join(folder, "requests.jsonl"), `${JSON.stringify(logged)}\n`);
    const replies = [rule === undefined ? plainReply(question) : withCaptured(rule, question)].flat();
    const held = rule?.held === true ? ++heldSoFar : 0;
    return { replies, mayAnswer: (response) => untilReleased(held, response) };
  };
}

/** How many of the answers that are held the test has let go. */
function released(folder: string): number {
  try {
    return Number(readFileSync(join(folder, RELEASED_FILE), "utf8"));
  } catch {
    return 0; // none so far
  }
}

export function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

export const EVENT_STREAM = { "content-type": "text/event-stream", "cache-control": "no-cache" };

/** A request, read. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly raw: string;
}

async function read(request: IncomingMessage): Promise<Asked> {
  const raw = await text(request);
  const path = new URL(request.url ?? "/", "http://localhost").pathname;
  return { method: request.method ?? "", path, raw };
}

/** Serves on a free port of loopback, which it prints; the test holds the other end of stdin: without a test there is no service. */
export function runService(answer: (asked: Asked, response: ServerResponse) => Promise<void> | void): void {
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> =>
    answer(await read(request), response);
  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      console.error(error);
      response.destroy();
    });
  });
  server.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));
  process.stdin.resume().on("end", () => process.exit(0));
}
