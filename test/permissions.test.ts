// Who may ask the daemon for what: every request for every origin. A new request fails here until somebody has decided its cells.
import type { Handlers, RequestName, Via } from "@agora/ipc";
import { refusalOf } from "@agora/ipc/permission";
import { REQUESTS, rowOf } from "@agora/ipc/requests";
import { ok } from "@agora/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { permitted } from "../packages/member/src/requests/permitted.ts";
import { ipcSession, makePlace, type Member, openRelay, until } from "./room/fixture.ts";

/** `case`: the handler decides by what the request is about; the tests of that feature show how. */
type Cell = "yes" | "no" | "case";
type Origin = "person" | "agent" | "observer" | "gateway" | "bridge";
type Row = readonly [person: Cell, agent: Cell, observer: Cell, gateway: Cell, bridge: Cell];

const ORIGINS: readonly Origin[] = ["person", "agent", "observer", "gateway", "bridge"];

/**
 * `person`: at a terminal, in a client or the console. `agent`: a model's tool or shell. `observer`: a person whose grant lets
 * them look. `gateway`: a model that is a member over HTTP. `bridge`: a person's words from another network; what the gateway
 * does not lend is not lent to it either.
 */
const TABLE: Readonly<Record<string, Row>> = {
  // request, or request with what its permission depends on
  say: ["yes", "yes", "no", "yes", "yes"],
  append: ["yes", "no", "no", "no", "no"],
  history: ["yes", "yes", "yes", "yes", "yes"],
  watch: ["yes", "yes", "yes", "no", "no"],
  watchState: ["yes", "no", "yes", "no", "no"],
  who: ["yes", "yes", "yes", "yes", "yes"],
  whoami: ["yes", "yes", "yes", "yes", "yes"],
  busy: ["yes", "yes", "yes", "no", "no"],
  react: ["yes", "yes", "no", "no", "no"],
  ping: ["yes", "yes", "yes", "no", "no"],
  trust: ["yes", "no", "yes", "no", "no"],
  compare: ["yes", "yes", "yes", "no", "no"],
  compared: ["yes", "no", "yes", "no", "no"],
  devices: ["yes", "yes", "yes", "no", "no"],
  device: ["yes", "no", "no", "no", "no"],
  reads: ["yes", "no", "yes", "no", "no"],
  markRead: ["yes", "no", "yes", "no", "no"],
  linkDevice: ["yes", "no", "no", "no", "no"],
  deviceLinks: ["yes", "yes", "yes", "no", "no"],
  awaitLink: ["yes", "yes", "yes", "no", "no"],
  decideLink: ["yes", "no", "no", "no", "no"],
  inbox: ["yes", "yes", "yes", "no", "no"],
  accept: ["yes", "no", "yes", "no", "no"],
  reject: ["yes", "yes", "case", "yes", "yes"],
  mode: ["yes", "yes", "yes", "no", "no"],
  "mode manual": ["yes", "yes", "yes", "no", "no"],
  "mode auto": ["yes", "no", "yes", "no", "no"],
  "modeAt manual": ["yes", "yes", "yes", "no", "no"],
  "modeAt auto": ["yes", "no", "yes", "no", "no"],
  modeAt: ["yes", "no", "yes", "no", "no"],
  allow: ["yes", "yes", "yes", "no", "no"],
  "allow word": ["yes", "no", "yes", "no", "no"],
  wait: ["yes", "yes", "yes", "no", "no"],
  mail: ["yes", "yes", "yes", "yes", "yes"],
  lines: ["yes", "yes", "yes", "yes", "yes"],
  taken: ["yes", "yes", "yes", "yes", "yes"],
  acknowledge: ["yes", "yes", "yes", "yes", "yes"],
  follow: ["yes", "yes", "yes", "no", "no"],
  newChain: ["yes", "yes", "yes", "no", "no"],
  control: ["yes", "no", "yes", "no", "no"],
  controls: ["yes", "yes", "yes", "no", "no"],
  appoint: ["yes", "no", "yes", "no", "no"],
  card: ["yes", "yes", "yes", "yes", "yes"],
  setCard: ["yes", "no", "no", "no", "no"],
  grant: ["yes", "no", "yes", "no", "no"],
  remove: ["yes", "no", "yes", "no", "no"],
  invite: ["yes", "no", "yes", "no", "no"],
  invites: ["yes", "yes", "yes", "no", "no"],
  "invites read": ["yes", "no", "yes", "no", "no"],
  revokeInvite: ["yes", "no", "yes", "no", "no"],
  admit: ["yes", "no", "yes", "no", "no"],
  ask: ["yes", "yes", "no", "no", "no"],
  answer: ["yes", "no", "no", "no", "no"],
  questions: ["yes", "yes", "yes", "no", "no"],
  withdraw: ["yes", "yes", "yes", "no", "no"],
  decide: ["yes", "no", "no", "no", "no"],
  decisions: ["yes", "yes", "yes", "no", "no"],
  more: ["yes", "no", "yes", "no", "no"],
  activity: ["yes", "no", "yes", "no", "no"],
  unread: ["yes", "no", "yes", "no", "no"],
  attention: ["yes", "no", "yes", "no", "no"],
  chains: ["yes", "yes", "yes", "no", "no"],
  storedFile: ["yes", "yes", "yes", "no", "no"],
  channels: ["yes", "yes", "yes", "yes", "yes"],
  "channel join": ["yes", "yes", "case", "yes", "yes"],
  "channel leave": ["yes", "yes", "case", "yes", "yes"],
  "channel topic": ["yes", "yes", "case", "yes", "yes"],
  "channel remove": ["yes", "no", "case", "no", "yes"],
  "channel admit": ["yes", "no", "case", "no", "yes"],
  "channel role": ["yes", "no", "case", "no", "yes"],
  "channel archive": ["yes", "no", "case", "no", "yes"],
  "channel reopen": ["yes", "no", "case", "no", "yes"],
  ready: ["yes", "yes", "yes", "no", "no"],
  status: ["yes", "yes", "yes", "yes", "yes"],
  stop: ["yes", "yes", "yes", "no", "no"],
  handOver: ["yes", "yes", "yes", "no", "no"],
  attach: ["yes", "yes", "yes", "no", "no"],
  resession: ["yes", "yes", "yes", "no", "no"],
  prompt: ["yes", "yes", "yes", "no", "no"],
  waiting: ["yes", "yes", "yes", "no", "no"],
  sign: ["yes", "yes", "yes", "no", "no"],
  turnEnd: ["yes", "yes", "yes", "no", "no"],
  breakOff: ["yes", "yes", "yes", "no", "no"],
  detach: ["yes", "yes", "yes", "no", "no"],
  sessionStart: ["yes", "yes", "yes", "no", "no"],
  awaitWake: ["yes", "yes", "yes", "no", "no"],
  probeWake: ["yes", "no", "yes", "no", "no"],
  bringWord: ["yes", "yes", "yes", "no", "no"],
};

const VIA: Readonly<Record<Origin, Via>> = {
  person: "cli",
  agent: "tool",
  observer: "cli",
  gateway: "tool",
  bridge: "console",
};

/** Lets everything through that reaches it: what is looked at stands before the handlers. */
const open = Object.fromEntries(
  Object.keys(REQUESTS).map((name) => [name, () => Promise.resolve(ok({}))]),
) as unknown as Handlers;

const places = [makePlace("alice"), makePlace("olga")];
let relay: Awaited<ReturnType<typeof openRelay>>;
let member: Member;
let observer: Member;

beforeAll(async () => {
  relay = await openRelay(0, 2_000, undefined, { observerToken: "the-observers" });
  member = await places[0]!.open(relay.port);
  observer = await places[1]!.open(relay.port, { token: "the-observers" });
  await until("one only looks", () => observer.room.grant() === "observer");
});

afterAll(async () => {
  await member[Symbol.asyncDispose]();
  await observer[Symbol.asyncDispose]();
  await relay.close();
  for (const place of places) place.remove();
});

async function decided(name: RequestName, word: string | undefined, origin: Origin): Promise<Cell> {
  const args = {
    via: VIA[origin],
    ...(word === undefined ? {} : { act: word, mode: word, may: word, read: word === "read" }),
  };
  const row = rowOf(name);
  if ((origin === "gateway" || origin === "bridge") && row.gateway !== true) return "no";
  if (origin === "observer" && row.speaks === "sometimes") return "case";
  const { room } = origin === "observer" ? observer : member;
  const handler = permitted(open, () => Promise.resolve(room))[name] as (
    args: object,
    session: unknown,
  ) => Promise<{ ok: boolean; code?: string }>;
  const answer = await handler(args, ipcSession(name));
  expect(answer.ok || answer.code === "not-allowed").toBe(true);
  return answer.ok ? "yes" : "no";
}

test("every request is decided for every origin, as this table says", async () => {
  const found: Record<string, readonly Cell[]> = {};
  for (const key of Object.keys(TABLE)) {
    const [name, word] = key.split(" ") as [RequestName, string?];
    found[key] = await Promise.all(ORIGINS.map((origin) => decided(name, word, origin)));
  }
  expect(found).toEqual(TABLE);
  const named = new Set(Object.keys(TABLE).map((key) => key.split(" ")[0]));
  expect(named).toEqual(new Set(Object.keys(REQUESTS)));
});

test("a request that is a person's to make has a sentence for an agent, and knows who asks", () => {
  const wrong = (Object.keys(REQUESTS) as RequestName[]).filter((name) => {
    const row = rowOf(name);
    return row.who !== "anyone" && (row.refusal === undefined || !("via" in row.args.shape));
  });
  expect(wrong).toEqual([]);
});

test("who does not say by which way they came is no person", () => {
  expect(refusalOf("accept", {})).toContain("belongs to the person");
});
