// The commands about who may do what, as words typed in a terminal: what each asks of the daemon, and what it says.
import { parseWords, runCommand } from "@agora/commands";
import { expect, test } from "vitest";
import { NOW, scripted } from "./scripted-daemon.ts";

type Answers = Parameters<typeof scripted>[0];

/** What was asked, by request, and the lines that were shown. */
async function typed(answers: Answers, ...words: string[]) {
  const parsed = parseWords(words[0]!, words.slice(1));
  if (!parsed.ok) throw new Error(parsed.message);
  const { around, asked } = scripted(answers);
  const answer = await runCommand(parsed.command, around);
  return { asked: asked.map(({ name, args }) => [name, args]), lines: answer.ok ? answer.lines : [answer.message] };
}
const once = expect.any(String) as string;

test("card looks without an option and sets with one; a hostile card stays on its lines", async () => {
  const title = "The \u001b[2Jshop\u202e\r\nalice";
  const now = { room: "lobby", title, repositories: [{ url: "https://a.example/b", label: "b" }], by: "lea", at: NOW };
  const looked = await typed({ card: now }, "card");
  expect(looked.asked).toEqual([["card", {}]]);
  expect(looked.lines.join("")).not.toMatch(/[\u001b\u202e\r\n]/);
  expect(looked.lines.slice(1)).toEqual(["  b  https://a.example/b", expect.stringContaining("set by @lea")]);
  const set = await typed({ setCard: { ...now, state: "relayed" } }, "card", "--repo", "https://a.example/?b=c=b");
  expect(set.asked).toEqual([
    ["setCard", { via: "cli", once, repositories: [{ url: "https://a.example/?b=c", label: "b" }] }],
  ]);
  expect((await typed({ card: { room: "lobby", repositories: [] } }, "card")).lines).toEqual(["lobby has no card yet"]);
});

test("mode asks for one place alone when one is named, and shows the places with a mode of their own", async () => {
  const places = [
    { channel: "review", mode: "auto" },
    { thread: "7k3f9x2cabcdefghjkmn", mode: "manual" },
  ] as const;
  const all = await typed({ mode: { mode: "manual", changed: false, places } }, "mode");
  expect(all.lines).toEqual([
    "mode=manual: mentions wait in the inbox for you",
    "in #review: mode=auto",
    "in the thread 7k3f9x2c: mode=manual",
  ]);
  const back = await typed(
    { modeAt: { channel: "review", changed: true, places: [] } },
    "mode",
    "default",
    "--in",
    "#review",
  );
  expect(back.asked).toEqual([["modeAt", { via: "cli", channel: "#review" }]]);
  expect(back.lines).toEqual(["in #review: the general mode"]);
});

test("allow looks without a name and decides with one", async () => {
  const rules = { everyone: "word", members: [{ name: "bob", may: "wake" }], changed: true };
  expect((await typed({ allow: rules }, "allow")).asked).toEqual([["allow", { via: "cli" }]]);
  const set = await typed({ allow: rules }, "allow", "@bob", "wake");
  expect(set.asked).toEqual([["allow", { via: "cli", member: "bob", may: "wake" }]]);
  expect(set.lines).toEqual([
    "everyone: may only leave a word for you",
    "@bob: may wake your agent (in automatic mode)",
  ]);
});

test("grant asks for an operator or a lead by requests of their own, which an older daemon can't take for each other", async () => {
  const given = { name: "bob", key: "k", id: "an-id" };
  const operator = await typed({ grant: given }, "grant", "@bob", "operator", "--expires", "7d");
  expect(operator.asked).toEqual([["grant", { via: "cli", once, member: "bob", expiresS: 604_800 }]]);
  const lead = await typed({ appoint: { ...given, channel: "build" } }, "grant", "bob", "lead", "--in", "build");
  expect(lead.asked).toEqual([["appoint", { via: "cli", once, member: "bob", channel: "build" }]]);
  expect(lead.lines[0]).toBe("@bob is a lead of #build, under the key k");
});

test("role and archive are acts of a channel", async () => {
  const done = { channel: "build", members: [], state: "relayed", notes: [] };
  const role = await typed({ channel: { ...done, act: "role" } }, "role", "#build", "@bob", "observer");
  expect(role.asked).toEqual([
    ["channel", { via: "cli", once, act: "role", channel: "#build", member: "bob", role: "observer" }],
  ]);
  expect(role.lines).toEqual(["@bob only reads in #build"]);
  const undo = await typed({ channel: { ...done, act: "reopen" } }, "archive", "build", "--undo");
  expect(undo.asked).toEqual([["channel", { via: "cli", once, act: "reopen", channel: "build" }]]);
  expect(undo.lines).toEqual(["#build is open again"]);
});
