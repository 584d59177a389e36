// Three members with real daemons and a real relay, for tests of questions, and how they ask.
import { afterEach, beforeEach } from "vitest";
import { ask } from "../../packages/member/src/questions/ask.ts";
import { questions } from "../../packages/member/src/questions/requests.ts";
import type { RequestArgs } from "@agora/ipc";
import type { Relay } from "@agora/relay";
import { ipcSession, makePlace, type Member, openRelay, type Place, until } from "./fixture.ts";

/** The room of the test that runs; alice, bob and carol are its first members. */
export const here = {} as { relay: Relay; places: Place[]; members: Member[] };

/** Opens them before each test of the file that calls this, and ends them after it. */
export function withThree(): void {
  beforeEach(async () => {
    here.relay = await openRelay();
    here.places = ["alice", "bob", "carol"].map((name) => makePlace(name));
    here.members = [];
    for (const place of here.places) here.members.push(await place.open(here.relay.port));
    await allHere();
  });
  afterEach(async () => {
    for (const member of here.members) await member[Symbol.asyncDispose]();
    await here.relay.close();
    for (const place of here.places) place.remove();
  });
}

/** Resolves when every member knows that all are here. */
export async function allHere(): Promise<void> {
  for (const { room } of here.members)
    await until("all are here", () => room.members.online().length === here.members.length);
}
export const never = (): void => undefined;
export const people = (): [Member, Member, Member] => here.members as [Member, Member, Member];
/** A session of an agent, as a client opens it. */
export function session(member: Member, id = "s1"): string {
  return member.room.seats.attach(ipcSession(id), "claude", id).seat;
}
export type Asked = Partial<RequestArgs<"ask">>;
export const FORM = { choices: [{ label: "Postgres" }, { label: "SQLite", about: "one file" }], other: true } as const;
export function asks(member: Member, text: string, more: Asked = {}, seat?: string) {
  const via = seat === undefined ? "cli" : "tool";
  const whose = seat === undefined ? undefined : member.store.state.seats[seat];
  const wish: RequestArgs<"ask"> = { via, text, to: [], ...more };
  return ask(member.room, wish, whose, never);
}
export const waiting = (member: Member) => questions(member.room, { via: "cli" }).waiting;
export const lately = (member: Member) => questions(member.room, { via: "cli" }).lately;
export const arrives = (member: Member, id: string) =>
  until("the question", () => waiting(member).find((one) => one.id === id));
export const deliveryOf = (member: Member, id: string, name: string) => member.store.state.outbox[id]?.recipients[name];
/** What a tool use of the session brings. */
export const midTurn = (member: Member, seat: string) =>
  member.room.seats.sign(seat, true).items.map(({ line }) => line);
