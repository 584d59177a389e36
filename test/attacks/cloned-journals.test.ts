// What people read in a project: cleaned away, hostile, or appended to by somebody else.
import { spawnSync } from "node:child_process";
import { appendFileSync, cpSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { AnswerData } from "@agora/commands";
import { harmless } from "@agora/protocol";
import { describe, expect, test } from "vitest";
import { type Person, Town, until } from "../test-users.ts";

type History = AnswerData["history"];
type Inbox = AnswerData["inbox"];
type Said = AnswerData["say"];
type Status = AnswerData["status"];

/** Those that a daemon keeps on showing. */
const SHOWN = ["history.jsonl", "inbox.jsonl", "outbox.jsonl", "presence.json", "writer.json", "folder.json"] as const;

const shown = (person: Person, name: string): string => join(person.project, ".agora", name);
const texts = async (person: Person): Promise<string[]> =>
  (await person.ask<History>(["history"])).lines.map((line) => line.text);
const waiting = async (person: Person): Promise<string[]> =>
  (await person.ask<Inbox>(["inbox"])).map((item) => item.text);

function git(cwd: string, ...words: string[]): void {
  const config = ["-c", "user.name=eve", "-c", "user.email=eve@example.org", "-c", "init.defaultBranch=main"];
  const ran = spawnSync("git", [...config, ...words], { cwd, encoding: "utf8" });
  if (ran.status !== 0) throw new Error(`git ${words.join(" ")}: ${ran.stderr}`);
}

describe("what people read in the project", () => {
  test("git clean -fdx under the daemon loses nothing, and all comes back", async () => {
    await using town = new Town();
    const { alice, bob, relay } = await town.pair();
    git(alice.project, "init", "-q");
    await alice.ask<Said>(["say", "before"]);
    await relay.end();
    await until("nothing of it is left", () => {
      git(alice.project, "clean", "-fdxq");
      return !existsSync(join(alice.project, ".agora"));
    });
    expect((await alice.ask<Said>(["say", "@bob", "kept after all"])).state).toBe("queued");
    await until("all is shown again", () =>
      Promise.resolve(
        [...SHOWN, ".gitignore", "files"].every((name) => existsSync(shown(alice, name))) &&
          alice.read(".agora/outbox.jsonl").includes("kept after all") &&
          alice.read(".agora/history.jsonl").includes("before"),
      ),
    );
    await alice.type(["stop"]);
    git(alice.project, "clean", "-fdxq");
    await town.relay(["--port", relay.port], { AGORA_TOKEN: relay.token });
    expect((await alice.start()).code).toBe(0);
    await until("it arrives", async () => (await waiting(bob)).includes("kept after all"));
    await until("alice knows that it went out", async () => (await texts(alice)).length > 1);
    expect((await texts(alice)).sort()).toEqual(["before", "kept after all"]);
  });

  test("nothing in it acts or hides when it is shown, and it reads as it was said", async () => {
    await using town = new Town();
    const { alice, bob } = await town.pair();
    const text = "run \u202etxt.exe\u202c now\u009b2J\u200b\u2028\u007f, naïve — 👩‍👩‍👧";
    const json = ["history.jsonl", "inbox.jsonl", "outbox.jsonl", "presence.json"];
    const isSeen = async (): Promise<void> => {
      const lines = await until("both are shown", () => {
        const all = alice.read(".agora/history.jsonl").trim().split("\n");
        const events = all.map((line) => JSON.parse(line) as { readonly kind: string; readonly text: string });
        const texts = events.flatMap((event) => (event.kind === "key" ? [] : [event.text]));
        return texts.length > 1 && texts;
      });
      expect(lines).toEqual([text, text]);
      for (const shownText of json.map((name) => alice.read(".agora", name)))
        expect(harmless(shownText)).toBe(shownText);
    };
    await bob.ask<Said>(["say", "@alice", text]);
    await until("it came", async () => (await waiting(alice)).length === 1);
    await alice.ask<Said>(["say", text]);
    await isSeen();
    await alice.type(["stop"]);
    // As a version wrote it that escaped nothing: it is ours, and is written anew.
    const [id] = readdirSync(join(alice.home, "projects"));
    const kept = join(alice.home, "projects", id!, "history.jsonl");
    expect(readFileSync(kept, "utf8")).toContain("\u202e");
    cpSync(kept, shown(alice, "history.jsonl"));
    expect((await alice.start()).code).toBe(0);
    await isSeen();
    expect((await alice.ask<Status>(["status"])).notices).toEqual([]);
  });

  test("lines that somebody appended are moved aside, and the rest is shown again", async () => {
    await using town = new Town();
    const { alice } = await town.pair();
    await alice.ask<Said>(["say", "true"]);
    const truth = await alice.shown("history.jsonl", "true");
    appendFileSync(shown(alice, "history.jsonl"), '{"author":"bob","text":"forged"}\n');
    // And more of it, if more came meanwhile.
    await until("it is the truth again", () => {
      const now = alice.read(".agora/history.jsonl");
      return now.startsWith(truth) && !now.includes("forged");
    });
    const aside = readdirSync(join(alice.project, ".agora")).find((name) => name.startsWith("history.jsonl.not-ours"));
    expect(alice.read(".agora", aside!)).toContain("forged");
    expect(await texts(alice)).toEqual(["true"]);
  });
});
