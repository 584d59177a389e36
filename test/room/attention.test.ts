// What waits for a person, from every feature in one list: its order, its counts, and what takes a thing off it.
import { expect, test } from "vitest";
import { answer, unanswered } from "../../packages/member/src/questions/requests.ts";
import { reject } from "../../packages/member/src/messages/reject.ts";
import { say } from "../../packages/member/src/messages/say.ts";
import type { AttentionItem } from "@agora/ipc";
import { type Member, must, request, until } from "./fixture.ts";
import { arrives, asks, FORM, people, session, withThree } from "./question-fixture.ts";

withThree();

const waits = async (member: Member): Promise<readonly AttentionItem[]> =>
  must(await request(member, "attention", { via: "cli" })).items;
const count = async (member: Member): Promise<number> => must(await request(member, "attention", { via: "cli" })).count;
const kinds = async (member: Member): Promise<string[]> =>
  (await waits(member)).map(({ kind, from }) => `${kind} ${from}`);

test("the most urgent first, each once, and every count is its length", async () => {
  const [alice, bob, carol] = people();
  const said = must(await say(carol.room, { via: "cli", text: "have a look?", to: ["bob"] }, undefined));
  await until("the mention", () => bob.store.state.inbox[said.id]);
  const seat = session(alice);
  const plain = must(await asks(alice, "Which database?", { ...FORM, choices: [...FORM.choices], to: ["bob"] }, seat));
  await arrives(bob, plain.id);
  const urgent = must(await asks(alice, "Stop the deploy?", { to: ["bob"], urgent: true, timeoutS: 7_000 }, seat));
  await arrives(bob, urgent.id);
  const own = session(bob);
  bob.room.seats.prompt(own, true);
  bob.room.seats.waiting(own, "Bash\u001b[31m");
  expect(await kinds(bob)).toEqual(["question alice", "question alice", "permission bob", "mention carol"]);
  const [first, second, third, last] = await waits(bob);
  expect(first).toMatchObject({ id: urgent.id, urgent: true, blocks: ["alice/claude"], text: "Stop the deploy?" });
  expect(second).toMatchObject({ id: plain.id, seat: "claude", role: "agent" });
  expect(second!.deadline).toBeGreaterThan(Date.now());
  expect(third).toMatchObject({ id: own, seat: own, tool: "Bash⟨U+001B⟩[31m" });
  expect(last).toMatchObject({ id: said.id, thread: said.thread, text: "have a look?" });
  const status = must(await request(bob, "status", {}));
  expect([await count(bob), status.waits]).toEqual([4, 4]);
  // What a model asks for in its own name is refused: it is the person's list.
  expect(await request(bob, "attention", { via: "tool" })).toMatchObject({ ok: false, code: "not-allowed" });

  must(await answer({ ...bob.room, inbox: bob.room.inbox }, { via: "cli", question: plain.id, picked: ["1"] }));
  must(await reject(bob.room, { via: "cli", thread: said.thread }, undefined));
  bob.room.seats.sign(own, false);
  expect(await kinds(bob)).toEqual(["question alice"]);
});

test("a permission says who waits for that session, and the room sees the tool and since when", async () => {
  const [alice, bob] = people();
  await bob.room.inbox.setMode("auto");
  const seat = session(bob);
  bob.room.seats.prompt(seat, true);
  must(await say(alice.room, { via: "cli", text: "@bob do it", to: ["bob"] }, undefined));
  await until("bob's session has it", () => bob.room.seats.sign(seat, true).items.length > 0);
  bob.room.seats.waiting(seat, "Edit");
  expect(await waits(bob)).toMatchObject([{ kind: "permission", tool: "Edit", blocks: ["alice"] }]);
  const seen = await until("alice sees it", async () => {
    const { members } = must(await request(alice, "who", {}));
    return members.find(({ name }) => name === "bob")?.seats.find(({ waiting }) => waiting === true);
  });
  expect(seen).toMatchObject({ seat, waitingFor: "Edit" });
  expect(Math.abs(seen.waitingSince! - Date.now())).toBeLessThan(60_000);
});

test("an own question that nobody answers for long is there, and a withdrawn one isn't", async () => {
  const [alice] = people();
  const asked = must(await asks(alice, "Anybody?", { to: ["bob"] }, session(alice)));
  expect(await waits(alice)).toEqual([]);
  const later = () => unanswered(alice.room.questions.list(), Date.now() + 11 * 60_000, "alice");
  expect(later()).toMatchObject([
    { kind: "unanswered", id: asked.id, text: "@bob Anybody?", blocks: ["alice/claude"] },
  ]);
  must(await request(alice, "withdraw", { via: "cli", question: asked.id }));
  expect(later()).toEqual([]);
});
