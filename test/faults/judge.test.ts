// The soak's judge itself: on a daemon's own memory it finds nothing, and each violation that is put there it counts.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { AnswerData } from "@agora/commands";
import type { Outbox, OwnEvent } from "@agora/member";
import { expect, test } from "vitest";
import { acquainted, type Person, Town, until } from "../test-users.ts";
import { shownOtherwise } from "../soak/clean.ts";
import { JournalView } from "../soak/journal-view.ts";
import { judge, type Known, type Verdict } from "../soak/judge.ts";

const NONE = { lost: 0, twice: 0, misordered: 0, misdelivered: 0, stuck: 0 };

test("what a memory lacks, has twice, in another order, of others or unsent is counted, and nothing else", async () => {
  await using town = new Town();
  const relay = await town.relay();
  const [alice, bob, carol] = [town.person("alice", relay), town.person("bob", relay), town.person("carol", relay)];
  const all = [alice, bob, carol];
  for (const person of all) expect((await person.start()).err).toBe("");
  await acquainted(...all);
  const known = new Map<string, { readonly author: string; readonly to: readonly string[] }>();
  const say = async (...words: string[]): Promise<string> => {
    const { id, to } = await alice.ask<AnswerData["say"]>(["say", ...words]);
    known.set(id, { author: "alice", to });
    return id;
  };
  const [toAll, toBob] = [await say("to all"), await say("@bob", "to bob")];
  for (const person of [bob, carol])
    await until(`all at ${person.name}`, async () =>
      (await person.ask<AnswerData["history"]>(["history"])).lines.some(({ id }) => id === toAll),
    );
  await until("bob's receipt", async () => {
    const { queued, events } = await alice.ask<AnswerData["status"]>(["status", toBob]);
    return queued === 0 && events[0]?.deliveries[0]?.state === "stored";
  });
  for (const person of all) await person.type(["stop"]);

  const verdict = (about: Known = known): Verdict =>
    judge(
      about,
      all.map(({ name, memory }) => {
        const view = new JournalView(() => memory);
        view.look();
        return { name, memory, events: view.events };
      }),
    );
  /** The verdict with one file of a memory changed. */
  const changed = (person: Person, name: string, change: (text: string) => string): Verdict => {
    const path = join(person.memory, name);
    const text = readFileSync(path, "utf8");
    writeFileSync(path, change(text));
    const given = verdict();
    expect(shownOtherwise(person.project, person.memory)).toEqual(name.endsWith(".jsonl") ? [name] : []);
    writeFileSync(path, text);
    return given;
  };
  expect(verdict()).toMatchObject(NONE);
  for (const { project, memory } of all) expect(shownOtherwise(project, memory)).toEqual([]);

  const line = readFileSync(join(bob.memory, "history.jsonl"), "utf8")
    .split("\n")
    .find((one) => one.includes(toBob))!;
  const twice = (text: string): string => `${text}${line}\n`;
  expect(verdict(new Map([...known, ["lost", { author: "alice", to: ["bob"] }]]))).toMatchObject({ ...NONE, lost: 2 });
  expect(changed(bob, "history.jsonl", twice)).toMatchObject({ ...NONE, twice: 1 });
  expect(changed(carol, "history.jsonl", twice)).toMatchObject({ ...NONE, misdelivered: 1 });
  const elsewhere = (text: string): string => text.replace(line, line.replace(/"stamp":"\d+/, '"stamp":"1'));
  expect(changed(bob, "history.jsonl", elsewhere)).toMatchObject({ ...NONE, misordered: 1 });
  expect(changed(bob, "inbox.jsonl", () => "")).toMatchObject({ ...NONE, stuck: 1 });
  const full = JSON.stringify({ op: "close", at: 0, id: toBob, how: "expired" });
  expect(changed(bob, "inbox.jsonl", (text) => `${text}${full}\n`)).toMatchObject({ ...NONE, stuck: 1 });
  const outbox = (change: (own: OwnEvent) => OwnEvent) => (text: string) => {
    const { state, ...rest } = JSON.parse(text) as { readonly state: { readonly outbox: Outbox } };
    return JSON.stringify({ ...rest, state: { ...state, outbox: { [toBob]: change(state.outbox[toBob]!) } } });
  };
  for (const state of ["queued", "rejected"] as const) {
    const unsent = outbox((own) => ({ ...own, state }));
    expect(changed(alice, "checkpoint.json", unsent)).toMatchObject({ ...NONE, stuck: 1 });
  }
  for (const state of ["relayed", "expired", "held"] as const) {
    const onItsWay = outbox((own) => ({ ...own, recipients: { bob: { state, at: 0 } } }));
    expect(changed(alice, "checkpoint.json", onItsWay)).toMatchObject({ ...NONE, stuck: 1 });
  }
});
