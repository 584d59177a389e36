// Whoever can put files into a project: the author of a repository that is cloned, or pulled from, in which each of our files was
// added by force, since git ignores them. A link must not be followed, a forged file not believed, a replaced one not missed.
import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { AnswerData } from "@agora/commands";
import { describe, expect, test } from "vitest";
import { acquainted, type Person, Town, until } from "../test-users.ts";

type History = AnswerData["history"];
type Inbox = AnswerData["inbox"];
type Said = AnswerData["say"];
type Status = AnswerData["status"];

const FILES = [
  "history.jsonl",
  "history.1.jsonl",
  "inbox.jsonl",
  "outbox.jsonl",
  "presence.json",
  "writer.json",
  "folder.json",
  ".gitignore",
  "daemon.log",
  "checkpoint.json",
  "room.json",
] as const;
/** Those that a daemon keeps on showing. */
const SHOWN = ["history.jsonl", "inbox.jsonl", "outbox.jsonl", "presence.json", "writer.json", "folder.json"] as const;
const PROFILE = "export PATH\n";
const FORGED_ID = "f".repeat(20);

const shown = (person: Person, name: string): string => join(person.project, ".agora", name);
const isPlain = (path: string): boolean => {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  return stat?.isFile() === true && stat.nlink === 1;
};
const texts = async (person: Person): Promise<string[]> =>
  (await person.ask<History>(["history"])).lines.map((line) => line.text);
const waiting = async (person: Person): Promise<string[]> =>
  (await person.ask<Inbox>(["inbox"])).map((item) => item.text);

function git(cwd: string, ...words: string[]): void {
  const config = ["-c", "user.name=eve", "-c", "user.email=eve@example.org", "-c", "init.defaultBranch=main"];
  const ran = spawnSync("git", [...config, ...words], { cwd, encoding: "utf8" });
  if (ran.status !== 0) throw new Error(`git ${words.join(" ")}: ${ran.stderr}`);
}

/** All that one of our files may be forged to. */
function forge(folder: string): void {
  mkdirSync(join(folder, "sent"), { recursive: true });
  const item = { id: FORGED_ID, thread: FORGED_ID, from: "bob", role: "user", at: 1, hop: 0, chain: FORGED_ID };
  const forged = { ...item, state: "auto", text: "forged: rm -rf", position: 0 };
  writeFileSync(join(folder, "inbox.jsonl"), `${JSON.stringify({ op: "add", item: forged })}\n`);
  for (const name of ["history.jsonl", "history-000000000000000.jsonl", "outbox.jsonl"])
    writeFileSync(join(folder, name), `${JSON.stringify({ author: "bob", id: FORGED_ID, text: "forged: hello" })}\n`);
  const state = { inbox: { [FORGED_ID]: forged }, grant: "forged" };
  const positions = { history: 0, outbox: 0, inbox: 0 };
  writeFileSync(join(folder, "checkpoint.json"), JSON.stringify({ v: 1, name: "alice", positions, state }));
  writeFileSync(join(folder, "room.json"), JSON.stringify({ v: 1, origin: "ws://x", room: "lobby", name: "alice" }));
  writeFileSync(
    join(folder, "folder.json"),
    JSON.stringify({ v: 1, id: "0".repeat(32), folder: "1", home: "/forged", homeInode: "1" }),
  );
  writeFileSync(join(folder, "presence.json"), '["forged"]');
  writeFileSync(join(folder, "writer.json"), '{"pid":1,"host":"forged"}');
  writeFileSync(join(folder, "daemon.log"), "forged\n");
  writeFileSync(join(folder, ".gitignore"), "");
  writeFileSync(join(folder, "sent", "0".repeat(64)), "forged");
}

/** Puts each of our files into the repository, by force. */
function commitForged(upstream: string): void {
  mkdirSync(join(upstream, ".agora"), { recursive: true });
  forge(join(upstream, ".agora"));
  git(upstream, "add", "--force", ".agora");
  git(upstream, "commit", "-qm", "a fine change");
}

/** A repository, and a clone of it as the person's project. */
function cloned(town: Town, person: Person): string {
  const upstream = join(town.folder, "upstream");
  mkdirSync(upstream);
  git(upstream, "init", "-q");
  writeFileSync(join(upstream, "README"), "hello\n");
  git(upstream, "add", "README");
  git(upstream, "commit", "-qm", "first");
  rmSync(person.project, { recursive: true });
  git(town.folder, "clone", "-q", upstream, person.project);
  return upstream;
}

describe("links", () => {
  test.each([
    ["a link", (target: string, path: string) => symlinkSync(target, path)],
    ["a hard link", linkSync],
  ] as const)(
    "%s in the place of each of our files, while the daemon runs and while it is off: the file behind it stays as it is",
    async (_, put) => {
      await using town = new Town();
      const { alice, bob } = await town.pair();
      const profile = join(town.folder, ".profile");
      const replaceAll = (): void => {
        writeFileSync(profile, PROFILE);
        for (const name of FILES) {
          // In one step: the daemon that runs may write the file again between a removal and a link.
          put(profile, join(town.folder, "link"));
          renameSync(join(town.folder, "link"), shown(alice, name));
          rmSync(join(town.folder, "link"), { force: true }); // a rename over another link to the same file leaves it
        }
      };
      const check = async (text: string): Promise<void> => {
        await bob.ask<Said>(["say", "@alice", text]);
        await until("it came", async () => (await waiting(alice)).includes(text));
        await until("all is shown again", () =>
          Promise.resolve(
            SHOWN.every((name) => isPlain(shown(alice, name))) && alice.read(".agora/history.jsonl").includes(text),
          ),
        );
        expect(readFileSync(profile, "utf8")).toBe(PROFILE);
      };
      replaceAll();
      await check("echo you are mine");
      expect((await alice.ask<Status>(["status"])).notices.join()).toMatch(/Agora did not write .*history\.jsonl/);
      await alice.type(["stop"]);
      replaceAll();
      expect((await alice.type(["start"])).code).toBe(0);
      await check("echo you are mine again");
      expect(await waiting(alice)).toEqual(["echo you are mine", "echo you are mine again"]);
      // What is moved aside is bounded, however often it happens.
      expect(
        readdirSync(join(alice.project, ".agora")).filter((name) => name.includes(".not-ours")).length,
      ).toBeLessThan(20);
    },
  );

  test("the whole folder as a link: nothing is written there, nothing is lost, and it is told", async () => {
    await using town = new Town();
    const { alice, bob } = await town.pair();
    const elsewhere = join(town.folder, "elsewhere");
    mkdirSync(elsewhere);
    // The daemon may be writing there, and makes the folder anew.
    await until("the link stands in its place", () => {
      rmSync(join(alice.project, ".agora"), { recursive: true, force: true });
      symlinkSync(elsewhere, join(alice.project, ".agora"));
      return true;
    });
    await bob.ask<Said>(["say", "@alice", "are you there?"]);
    await until("it came", async () => (await waiting(alice)).includes("are you there?"));
    expect((await alice.ask<Status>(["status"])).notices.join()).toMatch(/\.agora is a link.*remove it/);
    expect(readdirSync(elsewhere)).toEqual([]);
    rmSync(join(alice.project, ".agora"));
    await until("it is shown again", () =>
      Promise.resolve(existsSync(shown(alice, "inbox.jsonl")) && alice.read(".agora/inbox.jsonl").includes('"add"')),
    );
  });

  test("a received file is put into no folder behind a link; a copy of a sent one is not taken from the project", async () => {
    await using town = new Town();
    const { alice, bob } = await town.pair();
    const elsewhere = join(town.folder, "elsewhere");
    mkdirSync(elsewhere);
    // The daemon makes the folder anew if it looks between the two.
    await until("the link stands in its place", () => {
      rmSync(shown(alice, "files"), { recursive: true, force: true });
      symlinkSync(elsewhere, shown(alice, "files"));
      return true;
    });
    writeFileSync(join(bob.project, "notes.txt"), "three lines");
    await bob.ask<Said>(["say", "@alice", "--file", "notes.txt", "see this"]);
    await until("the file is here", () =>
      Promise.resolve(
        !lstatSync(shown(alice, "files")).isSymbolicLink() && readdirSync(shown(alice, "files")).length > 0,
      ),
    );
    expect(readdirSync(elsewhere)).toEqual([]);
    expect(existsSync(shown(bob, "sent"))).toBe(false);
  });
});

describe("a pull of our files, added by force", () => {
  test.each(["while the daemon runs", "while it is off"])("%s: nothing is believed, nothing is lost", async (when) => {
    await using town = new Town();
    const relay = await town.relay();
    const [alice, bob] = [town.person("alice", relay), town.person("bob", relay)];
    const upstream = cloned(town, alice);
    for (const person of [alice, bob]) expect((await person.start()).err).toBe("");
    await acquainted(alice, bob);
    await bob.ask<Said>(["say", "@alice", "true and waiting"]);
    await until("it came", async () => (await waiting(alice)).length === 1);
    if (when === "while it is off") await alice.type(["stop"]);
    commitForged(upstream);
    git(alice.project, "fetch", "-q");
    // The daemon that runs may write a file again between git's removal and its own: git then asks to be run once more.
    await until("git has its files", () => {
      try {
        git(alice.project, "reset", "-q", "--hard", "FETCH_HEAD");
        return true;
      } catch {
        return false;
      }
    });
    await alice.type(["start"]);
    expect(await waiting(alice)).toEqual(["true and waiting"]);
    expect(await texts(alice)).toEqual(["true and waiting"]);
    const said = await alice.ask<Said>(["say", "@bob", "still me"]);
    expect(said.to).toEqual(["bob"]);
    await until("it arrives", async () => (await waiting(bob)).includes("still me"));
    await until("the truth is shown again", () =>
      Promise.resolve(
        SHOWN.every((name) => !alice.read(".agora", name).includes("forged")) &&
          alice.read(".agora/history.jsonl").includes("still me"),
      ),
    );
    // What git ignores again can't be committed by mistake.
    expect(alice.read(".agora/.gitignore")).toBe("*\n");
    expect((await alice.type(["accept", "last"])).code).toBe(0);
    await alice.type(["update"]);
    expect(await texts(alice)).toEqual(["true and waiting", "still me"]);
  });
});

describe("a clone", () => {
  test("that brings another's whole folder along joins as a stranger, and believes nothing of it", async () => {
    await using town = new Town();
    const relay = await town.relay();
    const { alice, bob } = { alice: town.person("alice", relay), bob: town.person("bob", relay) };
    expect((await alice.start()).err).toBe("");
    await alice.ask<Said>(["say", "alice's own words"]);
    // Alice's daemon replaces files there: one that is gone when its turn comes spoils the copy.
    await until("a copy", () => {
      rmSync(bob.project, { recursive: true, force: true });
      cpSync(alice.project, bob.project, { recursive: true });
      return true;
    });
    forge(join(bob.project, ".agora", "rooms", "old"));
    expect((await bob.start()).code).toBe(0);
    expect(await waiting(bob)).toEqual([]);
    expect((await bob.ask<History>(["history"])).lines.filter(({ mine }) => mine)).toEqual([]);
    const { projects } = JSON.parse(readFileSync(join(bob.home, "registry.json"), "utf8")) as {
      readonly projects: readonly { readonly id: string }[];
    };
    expect(alice.memory).not.toContain(projects[0]!.id);
  });

  test("of a folder that another home works in is one thing, that very folder another: it is refused and left alone", async () => {
    await using town = new Town();
    const { alice, relay } = await town.pair();
    await alice.ask<Said>(["say", "kept"]);
    const before = await alice.shown("history.jsonl", "kept");
    const other = town.person("other", relay, { project: "alice", home: join(town.folder, "other.home") });
    const refused = await other.start();
    expect(refused).toMatchObject({ code: 1, out: "" });
    expect(refused.err).toMatch(/Another Agora home.*folder\.json/);
    expect(existsSync(join(other.home, "projects"))).toBe(false);
    // Nor a copy of the home that has it: it would speak with the same key, and count its words anew.
    await alice.type(["stop"]);
    cpSync(alice.home, join(town.folder, "copy.home"), { recursive: true });
    const copy = town.person("alice", relay, { home: join(town.folder, "copy.home") });
    expect((await copy.start()).err).toMatch(/Another Agora home/);
    expect((await alice.start()).code).toBe(0);
    await until("it is shown as before", () => alice.read(".agora/history.jsonl").startsWith(before));
  });
});
