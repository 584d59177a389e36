// A request that is repeated with its id after the daemon was killed is done once, and answered as the first time; wherever in it
// the daemon was killed.
import { createHandlers } from "@agora/member";
import type { Handlers, RequestArgs, RequestName, Results, Session } from "@agora/ipc";
import { newId, type Result } from "@agora/protocol";
import type { Relay } from "@agora/relay";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ipcSession, type Member, makePlace, must, openRelay, type Place, until } from "./fixture.ts";

let relay: Relay;
let places: Place[];
let alice: Member;
let bob: Member;

beforeEach(async () => {
  relay = await openRelay();
  places = ["alice", "bob"].map((name) => makePlace(name));
  [alice, bob] = [await places[0]!.open(relay.port), await places[1]!.open(relay.port)];
  await bothHere();
});
afterEach(async () => {
  for (const member of [alice, bob]) await member[Symbol.asyncDispose]();
  await relay.close();
  for (const place of places) place.remove();
});

const bothHere = () =>
  until("both are here", () => [alice, bob].every(({ room }) => room.members.online().length === 2));
const handlersOf = ({ room }: Member): Handlers =>
  createHandlers({ room: () => Promise.resolve(room), version: "test", startedAt: 0, leave: () => Promise.resolve() });
const request = async <N extends RequestName>(member: Member, name: N, args: RequestArgs<N>): Promise<Results[N]> =>
  must(
    await (
      handlersOf(member)[name] as unknown as (args: RequestArgs<N>, session: Session) => Promise<Result<Results[N]>>
    )(args, ipcSession("1")),
  );

/** What bob was asked, said or told to refuse; each with the id of the request that bob makes of it. */
async function wishes() {
  const ask = (text: string) => request(alice, "ask", { via: "cli", to: ["bob"], text, choices: [{ label: "yes" }] });
  const asked = await ask("Merge?");
  const said = await request(alice, "say", { via: "cli", to: ["bob"], text: "look at this" });
  const own = await request(bob, "ask", { via: "cli", to: ["alice"], text: "Which?" });
  const { inbox } = bob.store.state;
  await until("all came", () => inbox[asked.id] !== undefined && inbox[said.id] !== undefined);
  return [
    ["decide", { via: "cli", text: "We merge.\nOn Monday.", once: newId() }],
    ["answer", { via: "cli", question: asked.id, words: "yes", once: newId() }],
    ["reject", { via: "cli", thread: said.id, reason: "not now", once: newId() }],
    ["withdraw", { via: "cli", question: own.id, once: newId() }],
    ["ask", { via: "cli", to: ["alice"], text: "And when?", once: newId() }],
  ] as const;
}

async function killed(): Promise<void> {
  bob.crash();
  bob = await places[1]!.open(relay.port);
  await bothHere();
}

/** Without what a moment changes. */
const lasting = (answer: unknown): unknown =>
  JSON.parse(
    JSON.stringify(answer, (name, value: unknown) => (["leftMs", "reason"].includes(name) ? undefined : value)),
  );

test("killed after it had answered: the same answer, and nothing is done twice", async () => {
  for (const [name, args] of await wishes()) {
    const first = await request(bob, name, args);
    await killed();
    const lines = bob.store.history.end;
    expect([name, lasting(await request(bob, name, args))]).toEqual([name, lasting(first)]);
    expect(bob.store.history.end).toBe(lines);
    // Other words under its id are not said to be done.
    const other = { decide: "text", answer: "words", reject: "reason", withdraw: "question", ask: "text" }[name];
    await killed();
    await expect(request(bob, name, { ...args, [other]: "zzz" })).rejects.toThrow(/not done twice/);
  }
});

test("killed when it was on the disk and nothing else: it is said once, and what was to follow follows", async () => {
  for (const [name, args] of await wishes()) {
    const begun = request(bob, name, args).catch(() => undefined);
    await until("it is on the disk", () => bob.store.state.outbox[args.once] !== undefined);
    await killed();
    await begun;
    expect(await request(bob, name, args)).toBeDefined();
    if (name === "answer") expect(bob.store.state.inbox[args.question]).toBeUndefined();
    if (name === "reject") expect(bob.store.state.inbox[args.thread]).toBeUndefined();
    const lines = () =>
      [...alice.store.history.from(0)].filter(({ value }) => "id" in value && value.id === args.once).length;
    await until("alice has it", () => lines() > 0);
    await request(bob, "say", { via: "cli", to: ["alice"], text: "that was all" });
    expect(lines()).toBe(1);
  }
});
