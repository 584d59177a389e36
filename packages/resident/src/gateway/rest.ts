// The REST interface, as one table: method, path, what it does. `docs/gateway.md` says the same with examples, which a test
// runs.
import { rowOf } from "@agora/ipc/requests";
import { fail, isForPersonAlone, leadingAddresses, leadingChannel, ok, type Result } from "@agora/protocol";
import * as z from "zod/mini";
import { DEFAULT_LINES, DEFAULT_WAIT_S, MAX_LINES, MAX_WAIT_S } from "../limits.ts";
import { answerFailure, answerValue } from "./answer.ts";
import { readJson } from "./body.ts";
import type { Call } from "./call.ts";
import { streamEvents } from "./events-stream.ts";
import { idOfKey, MAX_KEY_CHARS } from "./idempotency.ts";
import { awaitMail, countMail, readerOf, readMail, take, toWireItem } from "./mailbox.ts";
import { NO_MORE } from "./streams.ts";
import { toWire, type WireItem, wireLineOf } from "./wire-line.ts";

/** Undefined: it responds itself, or nobody is listening any more. */
type Answer = Result<unknown> | undefined;
type Work = (call: Call, body: unknown) => Answer | Promise<Answer>;

const OBSERVER = fail("observer", "This grant lets you look, not speak.");

/** `GET` and `POST` by path. */
export const ROUTES: Readonly<Record<string, { readonly GET?: Work; readonly POST?: Work }>> = {
  "/v1/whoami": { GET: whoami },
  "/v1/members": { GET: members },
  "/v1/say": { POST: say },
  "/v1/reject": { POST: reject },
  "/v1/inbox": { GET: inbox },
  "/v1/ack": { POST: acknowledge },
  "/v1/wait": { GET: wait },
  "/v1/history": { GET: history },
  "/v1/status": { GET: status },
  "/v1/channels": { GET: channels },
  "/v1/channel": { POST: channel },
  "/v1/events": {
    GET(call) {
      streamEvents(call);
      return undefined;
    },
  },
};

/** Whether a path says something, as the request of its name does: an observer may not use it then. */
function isSpeaking(path: string): boolean {
  return rowOf(path.slice("/v1/".length))?.speaks !== undefined;
}

/** Answers a request below `/v1`. */
export async function answerRest(call: Call): Promise<void> {
  const { request, response, url } = call;
  const route = Object.hasOwn(ROUTES, url.pathname) ? ROUTES[url.pathname] : undefined;
  if (route === undefined)
    return answerFailure(response, fail("not-found", `There is no ${url.pathname.slice(0, 60)} here.`));
  const method = request.method === "HEAD" ? "GET" : request.method;
  const work = method === "GET" || method === "POST" ? route[method] : undefined;
  if (work === undefined) {
    const allow = Object.keys(route).join(", ");
    return answerFailure(response, fail("wrong-method", `${url.pathname} is asked with ${allow}.`), { allow });
  }
  const body = method === "POST" ? await readJson(request) : ok({});
  if (!body.ok) {
    // Don't wait for the rest of the request.
    return answerFailure(response, body, body.code === "too-long" ? { connection: "close" } : {});
  }
  if (call.principal.observer && isSpeaking(url.pathname)) return answerFailure(response, OBSERVER);
  const answer = await work(call, body.value);
  if (answer === undefined) return;
  if (answer.ok) answerValue(response, answer.value);
  else answerFailure(response, answer);
}

async function whoami({ member, principal }: Call): Promise<Result<unknown>> {
  const answer = await member.ask("rest", "whoami", {});
  if (!answer.ok) return answer;
  const { name, key, room, relay, grant, seat } = answer.value;
  const { state, reason } = member.connection;
  return ok({
    name,
    seat,
    room,
    relay,
    key,
    role: principal.person ? "user" : "agent",
    ...(grant === undefined ? {} : { grant }),
    connection: { state, ...(reason === undefined ? {} : { reason }) },
    cursor: member.cursors.write(member.cursor),
    end: member.cursors.write(member.end),
  });
}

async function members({ member }: Call): Promise<Result<unknown>> {
  const answer = await member.ask("rest", "who", { all: true });
  return answer.ok ? ok({ members: answer.value.members }) : answer;
}

const saySchema = z.object({
  text: z.string(),
  to: z.optional(z.array(z.string().check(z.maxLength(80))).check(z.maxLength(64))),
  channel: z.optional(z.string().check(z.minLength(1), z.maxLength(40))),
  thread: z.optional(z.string().check(z.minLength(1), z.maxLength(64))),
});

async function say(call: Call, body: unknown): Promise<Result<unknown>> {
  const { member, principal } = call;
  const args = read(saySchema, body);
  if (!args.ok) return args;
  const key = call.request.headers["idempotency-key"];
  if (key !== undefined && (typeof key !== "string" || key === "" || key.length > MAX_KEY_CHARS)) {
    return fail("bad-request", `An Idempotency-Key has 1 to ${MAX_KEY_CHARS} characters.`);
  }
  await member.sign("rest");
  // As everywhere else, a leading `#name` says where: it must not go to the whole room instead.
  const place = args.value.channel === undefined ? leadingChannel(args.value.text) : args.value;
  const led = leadingAddresses(place.text);
  const to = [...(args.value.to ?? []).map((word) => word.replace(/^@/, "")), ...led.addresses];
  const id = key === undefined ? undefined : idOfKey(member.key, key);
  const { thread } = args.value;
  const { channel } = place;
  return member.ask("rest", "say", {
    via: member.viaOf(principal.person),
    text: led.text,
    to: [...new Set(to)],
    ...(thread === undefined ? {} : { thread }),
    ...(channel === undefined ? {} : { channel }),
    ...(id === undefined ? {} : { id }),
  });
}

async function channels({ member }: Call): Promise<Result<unknown>> {
  return member.ask("rest", "channels", {});
}

const channelSchema = z.object({
  act: z.enum(["join", "leave", "topic"]),
  channel: z.string().check(z.minLength(1), z.maxLength(40)),
  text: z.optional(z.string()),
});

async function channel({ member, principal }: Call, body: unknown): Promise<Result<unknown>> {
  const args = read(channelSchema, body);
  if (!args.ok) return args;
  const { act, channel: name, text } = args.value;
  const via = member.viaOf(principal.person);
  return member.ask("rest", "channel", { via, act, channel: name, ...(text === undefined ? {} : { text }) });
}

const rejectSchema = z.object({
  thread: z.string().check(z.minLength(1), z.maxLength(64)),
  reason: z.optional(z.string().check(z.maxLength(2_000))),
});

async function reject({ member, principal }: Call, body: unknown): Promise<Result<unknown>> {
  const args = read(rejectSchema, body);
  if (!args.ok) return args;
  await member.sign("rest");
  const { thread, reason } = args.value;
  return member.ask("rest", "reject", {
    via: member.viaOf(principal.person),
    thread,
    ...(reason === undefined ? {} : { reason }),
  });
}

interface Mail {
  readonly items: readonly WireItem[];
  readonly cursor: string;
  readonly more: boolean;
}

async function inbox(call: Call): Promise<Result<Mail>> {
  const { member } = call;
  const after = cursorOf(call, member.cursor);
  if (!after.ok) return after;
  const limit = limitOf(call);
  if (!limit.ok) return limit;
  return give(call, after.value, limit.value);
}

async function give(call: Call, after: number, limit: number): Promise<Result<Mail>> {
  const { member } = call;
  const reader = readerOf(call);
  const mail = await readMail(reader, after, limit);
  if (!mail.ok) return mail;
  const { items, next, more } = mail.value;
  const told = await take(reader, items);
  if (!told.ok) return told;
  return ok({ items: items.map((item) => toWireItem(item, member)), cursor: member.cursors.write(next), more });
}

async function acknowledge({ member, principal }: Call, body: unknown): Promise<Result<unknown>> {
  const args = read(z.object({ cursor: z.union([z.string(), z.number()]) }), body);
  if (!args.ok) return args;
  const cursor = member.cursors.read(String(args.value.cursor), 0);
  if (!cursor.ok) return cursor;
  const kept = await member.acknowledge(cursor.value);
  if (!kept.ok) return kept;
  const told = await member.ask("rest", "acknowledge", {
    via: member.viaOf(principal.person),
    before: member.cursor,
  });
  return told.ok ? ok({ cursor: member.cursors.write(member.cursor) }) : told;
}

async function wait(call: Call): Promise<Result<unknown> | undefined> {
  const { member, response, url, clock } = call;
  const after = cursorOf(call, member.cursor);
  if (!after.ok) return after;
  const seconds = numberOf(url, "timeout", DEFAULT_WAIT_S, MAX_WAIT_S);
  if (!seconds.ok) return seconds;
  const reader = readerOf(call);
  let ended: string | undefined;
  await awaitMail(
    { ...reader, clock, after: after.value, ms: seconds.value * 1_000 },
    ({ due }) => due > 0,
    (finish) => {
      response.once("close", finish);
      const end = (why: string): void => {
        ended = why;
        finish();
      };
      if (!call.streams.add(call, "rest", end)) end("too many streams and waits are open");
    },
  );
  if (!call.holds()) return fail("unauthorized", `The wait was ended: ${NO_MORE}.`);
  if (ended !== undefined) return fail("gone", `The wait was ended: ${ended}.`);
  if (response.destroyed) return undefined; // nobody is handed anything
  const waiting = await countMail(reader, after.value);
  if (!waiting.ok) return waiting;
  const given = await give(call, after.value, DEFAULT_LINES);
  return given.ok ? ok({ ...given.value, timedOut: waiting.value.due === 0 }) : given;
}

/** What `GET /v1/history` takes as the request of that name does; `after` is a cursor here. */
const HISTORY_WORDS = ["thread", "with", "channel", "from", "around", "before"] as const;

async function history(call: Call): Promise<Result<unknown>> {
  const { member, url, principal } = call;
  const limit = limitOf(call);
  if (!limit.ok) return limit;
  if (url.searchParams.has("after")) {
    const after = cursorOf(call, 0);
    if (!after.ok) return after;
    const via = member.viaOf(principal.person);
    const found = await member.ask("rest", "lines", { via, after: after.value, limit: limit.value });
    if (!found.ok) return found;
    const { lines, next, more } = found.value;
    const told = await take(readerOf(call), lines);
    if (!told.ok) return told;
    const shown = lines.map((placed) => toWire(placed, member.cursors));
    return ok({ lines: shown, cursor: member.cursors.write(next), more });
  }
  const words = HISTORY_WORDS.flatMap((word) => {
    const value = url.searchParams.get(word);
    return value === null ? [] : [[word, value] as const];
  });
  const since = url.searchParams.get("since");
  const from = since === null ? undefined : Date.parse(since);
  if (Number.isNaN(from)) return fail("bad-request", "`since` is a time such as 2026-11-30T14:05:00Z.");
  const answer = await member.ask("rest", "history", {
    limit: limit.value,
    ...Object.fromEntries(words),
    ...(from === undefined ? {} : { since: from }),
  });
  if (!answer.ok) return answer;
  const { lines, more, newer } = answer.value;
  const shown = lines.map(wireLineOf).filter((line) => principal.person || !isForPersonAlone(line.to, member.name));
  return ok({ lines: shown, cursor: member.cursors.write(member.end), more, ...(newer ? { newer } : {}) });
}

async function status({ member, url }: Call): Promise<Result<unknown>> {
  const id = url.searchParams.get("id") ?? undefined;
  const answer = await member.ask("rest", "status", id === undefined ? {} : { id });
  if (!answer.ok) return answer;
  const { queued, events, notices } = answer.value;
  return ok({ queued, events, notices });
}

function read<T>(schema: z.ZodMiniType<T>, body: unknown): Result<T, "bad-request"> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return ok(parsed.data);
  const issue = parsed.error.issues[0];
  const field = issue?.path.join(".") ?? "";
  return fail("bad-request", field === "" ? "The body is an object." : `"${field}" is missing or not what it must be.`);
}

function cursorOf({ url, member }: Call, otherwise: number): Result<number, "bad-request" | "reset"> {
  return member.cursors.read(url.searchParams.get("after") ?? undefined, otherwise);
}

function limitOf({ url }: Call): Result<number, "bad-request"> {
  const limit = numberOf(url, "limit", DEFAULT_LINES, MAX_LINES);
  return limit.ok && limit.value < 1 ? fail("bad-request", `\`limit\` is a number from 1 to ${MAX_LINES}.`) : limit;
}

function numberOf(url: URL, name: string, otherwise: number, most: number): Result<number, "bad-request"> {
  const word = url.searchParams.get(name);
  if (word === null) return ok(otherwise);
  const number = /^\d{1,6}$/.test(word) ? Number(word) : Number.NaN;
  return number <= most ? ok(number) : fail("bad-request", `\`${name}\` is a whole number up to ${most}.`);
}
