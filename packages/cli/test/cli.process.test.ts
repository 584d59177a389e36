import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { decodeInvite } from "@agora/protocol";
import { describe, expect, test } from "vitest";
import { ENTRY } from "../../../test/program.ts";
import { readSpan } from "../src/commands/make-invite.ts";
import { checkNode, checkNodePath } from "../src/doctor-local.ts";
import { VERSION } from "../src/version.ts";
import { agora, temporary } from "./run-cli.ts";

const STACK = /\n\s+at |node:internal|\.ts:\d+/;

/** A home of the account that is not the project's own folder: nobody starts in that. */
const elsewhere = (folder: string) => ({ HOME: `${folder}.user` });

describe("exit codes and sentences", () => {
  const cases: readonly [words: string[], code: number, sentence: RegExp][] = [
    [["sya"], 2, /unknown command 'sya'.*say/],
    [["say"], 2, /say needs TEXT/],
    [["say", "--force", "x"], 2, /put -- before it/],
    [["mode", "fast"], 2, /manual or auto/],
    [["start", "--token", "s3cret"], 2, /AGORA_TOKEN/],
    [["start", "s3cret"], 2, /-n/],
    [["start"], 1, /No relay is known/],
    [["start", "--relay", "ws://relay.example.org"], 1, /use wss/],
    [["start", "-n", "Bad Name!", "--relay", "ws://127.0.0.1:1"], 1, /bad-name/],
    [["who"], 1, /not in a room/],
    [["inbox"], 1, /not in a room/],
    [["watch"], 1, /not in a room/],
    [["who", "--project", "/does/not/exist"], 2, /no folder/],
    [["--project"], 2, /needs DIR/],
    [["hook"], 2, /EVENT/],
    [["relay", "--port", "99999"], 2, /port/],
    [["relay", "--host", "0.0.0.0"], 1, /without a token/i],
    [["relay", "--bogus"], 2, /bogus/],
    [["room"], 2, /room needs a command: agora room create NAME/],
    [["room", "create", "No Room"], 2, /room/],
    [["invite", "--room", "den"], 1, /relay/],
    [["invite", "--grant", "king", "--relay", "ws://127.0.0.1:1"], 2, /--grant/],
    [["invite", "--expires", "soon", "--relay", "ws://127.0.0.1:1"], 2, /--expires/],
    [["invite", "--expires", "7d", "--relay", "ws://127.0.0.1:1"], 1, /room create/],
  ];
  for (const [words, code, sentence] of cases) {
    test(`agora ${words.join(" ")}`, async () => {
      using place = temporary();
      const plain = await agora(place.folder, words, elsewhere(place.folder));
      expect(plain).toMatchObject({ code, out: "" });
      expect(plain.err).toMatch(sentence);
      expect(plain.err.trimEnd().split("\n")).toHaveLength(1);
      expect(plain.err).not.toMatch(STACK);
      expect(plain.err).not.toContain("s3cret");
    });
  }

  test("with --json the failure is on stdout too, as {error}", async () => {
    using place = temporary();
    for (const words of [
      ["who", "--json"],
      ["--json", "who"],
      ["say", "--json"],
      ["sya", "--json"],
    ]) {
      const { out, err } = await agora(place.folder, words);
      const { error } = JSON.parse(out) as { error: { code: string; message: string } };
      expect(err).toBe(`${error.message}\n`);
      expect(error.code).toMatch(/^(not-joined|usage)$/);
    }
  });

  test("stop where nothing is joined is done", async () => {
    using place = temporary();
    expect(await agora(place.folder, ["stop"])).toMatchObject({ code: 0, out: "this project is not in a room\n" });
  });
});

describe("help", () => {
  test("no words: how to use it, as a mistake", async () => {
    using place = temporary();
    const ran = await agora(place.folder, []);
    expect(ran.code).toBe(2);
    expect(ran.err).toContain("Usage: agora COMMAND");
  });

  test("every command has its help", async () => {
    using place = temporary();
    const { out, code } = await agora(place.folder, ["--help"]);
    expect(code).toBe(0);
    const names = [...out.matchAll(/^ {2}([a-z]+)(?: |$)/gm)].map((match) => match[1]!);
    expect(names).toEqual(
      expect.arrayContaining(["start", "say", "relay", "room", "invite", "doctor", "demo", "watch", "hook", "mcp"]),
    );
    const say = await agora(place.folder, ["say", "--help"]);
    expect(say.out).toContain("say [#channel] [@a @b] [--thread ID] [-c NAME] [--role agent] [--file PATH] TEXT");
    expect((await agora(place.folder, ["help", "relay"])).out).toContain("--max-members");
  });

  test("the version is the one of the whole", async () => {
    using place = temporary();
    const root = JSON.parse(readFileSync(join(import.meta.dirname, "../../../package.json"), "utf8")) as {
      version: string;
    };
    expect(VERSION).toBe(root.version);
    expect((await agora(place.folder, ["--version"])).out).toBe(`${VERSION}\n`);
  });
});

describe("a room of one's own", () => {
  test("room create and invite: a grant, bound and expiring, and what the other types", async () => {
    using place = temporary();
    const created = await agora(place.folder, ["room", "create", "den"]);
    const key = /AGORA_ROOM_KEYS=den=([\w-]{43})/.exec(created.out)?.[1];
    const again = JSON.parse((await agora(place.folder, ["room", "create", "den", "--json"])).out) as unknown;
    expect(again).toMatchObject({ room: "den", key, created: false, relay: `AGORA_ROOM_KEYS=den=${key}` });
    const words = ["invite", "bob", "--room", "den", "--relay", "relay.example.org", "--expires", "7d"];
    const { out } = await agora(place.folder, words);
    expect(out).toContain("agora start -n bob\n");
    const invite = decodeInvite(/^agora1\.\S+$/m.exec(out)![0])!;
    expect(invite).toMatchObject({ relay: "wss://relay.example.org/ws", room: "den", root: key });
    const claims = JSON.parse(Buffer.from(invite.token.split(".")[1]!, "base64url").toString()) as {
      exp: number;
      iat: number;
    };
    expect(claims).toMatchObject({ room: "den", sub: "bob", grant: "member" });
    expect(claims.exp - claims.iat).toBe(7 * 86_400);
  });

  test("an agent makes no rooms and lets nobody in", async () => {
    using place = temporary();
    for (const words of [["room", "create", "den"], ["invite", "--relay", "ws://127.0.0.1:1"], ["start"]]) {
      const ran = await agora(place.folder, words, { CLAUDECODE: "1", ...elsewhere(place.folder) });
      expect(ran.code).toBe(1);
      expect(ran.err).toMatch(/person/);
    }
  });

  test("spans", () => {
    expect(["30m", "12h", "7d", "2w"].map((text) => readSpan(text))).toMatchObject(
      [1_800, 43_200, 604_800, 1_209_600].map((value) => ({ value })),
    );
    expect(["", "7", "d", "0d", "-1d", "7 d"].map((text) => readSpan(text).ok)).toEqual(
      Array.from({ length: 6 }, () => false),
    );
  });
});

describe("where nobody joined", () => {
  test("a hook leaves no word, no file, no process", async () => {
    using place = temporary();
    const before = spawnSync("ls", ["-AR", place.folder]).stdout.toString();
    for (const event of ["session-start", "wait", "session-end", "unknown"]) {
      const ran = await agora(
        place.folder,
        ["hook", event],
        { CLAUDECODE: "1" },
        JSON.stringify({ session_id: "s", cwd: place.folder }),
      );
      expect(ran).toEqual({ code: 0, out: "", err: "" });
    }
    expect(spawnSync("ls", ["-AR", place.folder]).stdout.toString()).toBe(before);
  });

  test("the doctor says what is missing and breaks nothing", async () => {
    using place = temporary();
    const ran = await agora(place.folder, ["doctor", "--json"]);
    const { checks } = JSON.parse(ran.out) as {
      checks: { name: string; ok: boolean; sentence: string; fix: string | null }[];
    };
    expect(ran.code).toBe(0);
    expect(checks.map(({ name, ok }) => `${name} ${ok}`)).toEqual(
      expect.arrayContaining(["node true", "home false", "project false", "relay false"]),
    );
    for (const check of checks) {
      expect(Object.keys(check)).toEqual(["name", "ok", "sentence", "fix"]);
      expect(check.name).toMatch(/^[a-z]+(-[a-z]+)*$/);
      // What is not well names what to do.
      expect([check, check.fix === null]).toEqual([check, check.ok]);
    }
  });

  test("the doctor names settings that can't be read", async () => {
    using place = temporary();
    mkdirSync(join(place.folder, "home"), { mode: 0o700 });
    writeFileSync(join(place.folder, "home", "settings.json"), "{ nonsense", { mode: 0o600 });
    const ran = await agora(place.folder, ["doctor"]);
    expect(ran.code).toBe(1);
    expect(ran.out).toMatch(/^fail settings/m);
    const started = await agora(place.folder, ["start"], elsewhere(place.folder));
    expect(started.code).toBe(1);
    expect(started.err).toMatch(/settings\.json/);
    expect(started.err).not.toMatch(STACK);
  });

  test("where clients find Node", () => {
    expect(checkNodePath({ PATH: "/nowhere" }, "/x/node")).toMatchObject({
      check: "node-path",
      state: "warn",
      fix: expect.stringContaining("ln -s /x/node") as string,
    });
    expect(checkNodePath({ PATH: dirname(process.execPath) }, process.execPath).detail).toContain(
      dirname(process.execPath),
    );
  });

  test("Node's age", () => {
    expect(["v18.20.0", "v20.18.9", "v20.19.0", "v22.1.0", "v24.0.0"].map((v) => checkNode(v).state)).toEqual([
      "fail",
      "fail",
      "warn",
      "ok",
      "ok",
    ]);
  });
});

test("no colours with NO_COLOR, a pipe is not a terminal", async () => {
  using place = temporary();
  const coloured = await agora(place.folder, ["doctor"], { FORCE_COLOR: "1" });
  expect(coloured.out).toContain("\u001b[");
  for (const env of [{ FORCE_COLOR: "1", NO_COLOR: "1" }, {}]) {
    expect((await agora(place.folder, ["doctor"], env)).out).not.toContain("\u001b[");
  }
});

test("a reader that closes the pipe is no error", () => {
  using place = temporary();
  const ran = spawnSync("sh", ["-c", `"${process.execPath}" "${ENTRY}" --help | head -c 1`], {
    cwd: place.folder,
    env: { PATH: process.env["PATH"] ?? "", HOME: place.folder },
  });
  expect(ran.stderr.toString()).toBe("");
});
