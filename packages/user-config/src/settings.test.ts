import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { encodeInvite } from "@agora/protocol";
import { describe, expect, it } from "vitest";
import { entryFor, scratchHome, scratchProject } from "../test/scratch.ts";
import { ensureHome, type Home } from "./directory.ts";
import { resolveSettings, type SettingsSources } from "./settings.ts";
import { exampleSettings, writeExampleSettings } from "./settings-example.ts";
import { readSettings, settingsPath } from "./settings-file.ts";
import { saveToken } from "./tokens.ts";

const ORIGIN = "wss://relay.example.org";
const INVITE = encodeInvite({ v: 1, relay: ORIGIN, room: "den", root: "A".repeat(43), token: "granted" });

function homeWith(settings: string): Home {
  const home = scratchHome();
  ensureHome(home);
  writeFileSync(settingsPath(home), settings, { mode: 0o600 });
  return home;
}

async function resolve(change: Partial<SettingsSources> & { home: Home }): Promise<Record<string, unknown>> {
  const settings = await resolveSettings({ path: scratchProject("shop"), env: {}, trustEnv: true, ...change });
  return settings.ok ? { ...settings.value } : { ...settings };
}

describe("settings.json", () => {
  it("may have comments and trailing commas", async () => {
    const home = homeWith(`\uFEFF{ // mine\n "relayUrl": "relay.example.org", /* t */ "token": "t",\n}`);
    expect(await readSettings(home)).toEqual({ ok: true, value: { relayUrl: "relay.example.org", token: "t" } });
  });
  it("tells each mistake with its line", async () => {
    for (const [text, said] of [
      [`{\n "relayUrll": "x"\n}`, `line 2: "relayUrll" is not a setting; did you mean "relayUrl"?`],
      [`{\n\n "hopLimitt": 1}`, `line 3: "hopLimitt" is not a setting; did you mean "hopLimit"?`],
      [`{"colour": "red"}`, `line 1: "colour" is not a setting; there are relayUrl,`],
      [`{"hopLimit": "3"}`, `line 1: "hopLimit" must be a whole number from 0 to 100.`],
      [`{"mode": "Auto"}`, `line 1: "mode" must be "manual" or "auto".`],
      [`{"share":\n {"hosts": true}}`, `line 2: "share.hosts" is not a setting; did you mean "host"?`],
      [`{"share": {"host": 1}}`, `"share.host" must be true or false.`],
      [`{"room": "a",\n "room": "b"}`, `line 2: "room" stands there twice.`],
      [`{\n "room": \n}`, `line 3: this is not valid JSON (value expected).`],
      [`{\n "room": "a"\n "mode": "auto"}`, `line 3: this is not valid JSON (comma expected).`],
      [`["room"]`, `line 1: settings are an object`],
      [`{"__proto__": {"mode": "auto"}}`, `"__proto__" is not a setting`],
    ] as const) {
      const home = homeWith(text);
      const read = await readSettings(home);
      expect(read.ok ? "fine" : read.message).toContain(said);
      expect(read.ok ? "fine" : read.message).toContain(settingsPath(home));
    }
  });
  it("is written once as a commented example that reads well, and says what is missing", async () => {
    const home = scratchHome();
    const first = await writeExampleSettings(home, { relayUrl: ORIGIN, defaultName: "alice" });
    expect(first).toEqual({ ok: true, value: { path: settingsPath(home), written: true, missing: ["token"] } });
    expect(await readSettings(home)).toEqual({ ok: true, value: { relayUrl: ORIGIN, defaultName: "alice" } });
    expect(await writeExampleSettings(home, {})).toMatchObject({
      value: { written: false, missing: ["relayUrl", "token"] },
    });
    // The same again is no first time either.
    expect(await writeExampleSettings(home, { relayUrl: ORIGIN, defaultName: "alice" })).toMatchObject({
      value: { written: false },
    });
  });
  it("every setting of the example is one when its comment mark is taken away", async () => {
    const example = exampleSettings({}).replaceAll(/^ {2}\/\/ (?=")/gm, "  ");
    const read = await readSettings(homeWith(example));
    const shown = [...example.matchAll(/^ {2}"(\w+)": /gm)].map(([, key]) => key);
    expect(shown.length).toBeGreaterThan(10);
    expect(read.ok && Object.keys(read.value)).toEqual(shown);
  });
});

describe("what is decided", () => {
  it("says what is missing, then takes what the person typed", async () => {
    const home = scratchHome();
    expect(await resolve({ home })).toMatchObject({ ok: false, code: "missing-relay" });
    expect(await resolve({ home, typed: { relay: "relay.example.org" } })).toMatchObject({
      ok: false,
      code: "missing-token",
    });
    expect(await resolve({ home, typed: { relay: "relay.example.org", token: "t" } })).toMatchObject({
      relay: { url: `${ORIGIN}/ws`, origin: ORIGIN },
      room: "lobby",
      token: "t",
      tokenFrom: "typed",
      name: "shop",
      mode: "manual",
      hopLimit: 3,
      mentionMaxAgeMs: 300_000,
      share: { host: true, dir: true, branch: true, client: true, tool: true },
      notes: [],
    });
  });
  it("typed beats environment beats registry beats file", async () => {
    const home = homeWith(
      `{"relayUrl": "${ORIGIN}", "token": "f", "room": "file", "defaultName": "filo", "hopLimit": 7, "mode": "auto"}`,
    );
    const path = scratchProject();
    const project = { ...entryFor(path, { room: "reg", name: "rex", hopLimit: 5 }), at: 1 };
    expect(await resolve({ home })).toMatchObject({
      room: "file",
      name: "filo",
      token: "f",
      hopLimit: 7,
      mode: "auto",
    });
    expect(await resolve({ home, path, project })).toMatchObject({
      room: "reg",
      name: "rex",
      hopLimit: 5,
      mode: "manual",
    });
    const env = { AGORA_ROOM: "env", AGORA_NAME: "eve", AGORA_HOP_LIMIT: "9", AGORA_MODE: "auto", AGORA_TOKEN: "e" };
    expect(await resolve({ home, path, project, env })).toMatchObject({
      room: "env",
      name: "eve",
      hopLimit: 9,
      mode: "auto",
      token: "e",
    });
    const typed = { room: "typ", name: "@tim", mode: "manual" as const, token: "t" };
    expect(await resolve({ home, path, project, env, typed })).toMatchObject({
      room: "typ",
      name: "tim",
      mode: "manual",
      token: "t",
    });
  });
  it("refuses values of the environment that can't be", async () => {
    const home = scratchHome();
    for (const env of [
      { AGORA_HOP_LIMIT: "three" },
      { AGORA_MODE: "yes" },
      { AGORA_MENTION_MAX_AGE_MS: "1e3" },
      { AGORA_MAX_FILE: "-1" },
    ]) {
      const refused = await resolve({ home, env });
      expect(refused).toMatchObject({ ok: false, code: "bad-settings" });
      expect(refused["message"]).toContain(Object.keys(env)[0]);
    }
  });
  it("names: refuses what can't be one, and makes one of the folder", async () => {
    const home = scratchHome();
    const typed = { relay: ORIGIN, token: "t" };
    expect(await resolve({ home, typed: { ...typed, name: "A b" } })).toMatchObject({
      ok: false,
      code: "invalid-name",
    });
    expect(await resolve({ home, typed, path: scratchProject("My Shop") })).toMatchObject({ name: "my-shop" });
    expect(await resolve({ home, typed, path: "/" })).toMatchObject({ ok: false, code: "invalid-name" });
  });
  it("a certificate file that can't be read is told", async () => {
    const home = homeWith(`{"relayUrl": "${ORIGIN}", "token": "f", "caFile": "ca.pem"}`);
    expect(await resolve({ home })).toMatchObject({ ok: false, code: "bad-settings" });
    writeFileSync(join(home.path, "ca.pem"), "");
    expect(await resolve({ home })).toMatchObject({ caFile: join(home.path, "ca.pem") });
  });
});

describe("invites", () => {
  it("give relay, room, root and token, typed, in the environment, or in the file", async () => {
    const wanted = { relay: { origin: ORIGIN }, room: "den", root: "A".repeat(43), token: "granted" };
    expect(await resolve({ home: scratchHome(), typed: { token: INVITE } })).toMatchObject({
      ...wanted,
      tokenFrom: "typed",
    });
    expect(await resolve({ home: scratchHome(), env: { AGORA_TOKEN: INVITE } })).toMatchObject({
      ...wanted,
      tokenFrom: "env",
    });
    expect(await resolve({ home: homeWith(`{"token": "${INVITE}"}`) })).toMatchObject({
      ...wanted,
      tokenFrom: "settings",
    });
  });
  it("for another relay than the one named, or torn, are refused", async () => {
    expect(await resolve({ home: scratchHome(), typed: { token: INVITE, relay: "other.example" } })).toMatchObject({
      code: "bad-relay",
    });
    expect(await resolve({ home: scratchHome(), typed: { token: INVITE.slice(0, -9) } })).toMatchObject({
      code: "bad-settings",
    });
    expect(
      await resolve({ home: scratchHome(), env: { AGORA_TOKEN: INVITE }, typed: { relay: "other.example" } }),
    ).toMatchObject({ code: "foreign-relay" });
  });
});

describe("a token never goes to another relay", () => {
  const evil = { AGORA_RELAY_URL: "wss://evil.example" };
  it("not the one of settings.json, nor a stored one", async () => {
    const home = homeWith(`{"relayUrl": "${ORIGIN}", "token": "mine"}`);
    await saveToken(home, { origin: ORIGIN, room: "lobby", token: "stored" });
    expect(await resolve({ home })).toMatchObject({ token: "stored", tokenFrom: "stored" });
    expect(await resolve({ home, env: evil })).toMatchObject({ ok: false, code: "missing-token" });
    expect(await resolve({ home, env: evil, trustEnv: false })).toMatchObject({
      ok: false,
      code: "foreign-relay",
    });
    expect(await resolve({ home, typed: { relay: "wss://evil.example" } })).toMatchObject({
      ok: false,
      code: "missing-token",
    });
    expect(await resolve({ home, env: { AGORA_RELAY_URL: `${ORIGIN}:444` } })).toMatchObject({
      ok: false,
      code: "missing-token",
    });
  });
  it("not one of the environment that is known to be another relay's", async () => {
    const home = homeWith(`{"relayUrl": "${ORIGIN}", "token": "mine"}`);
    await saveToken(home, { origin: "wss://second.example", room: "lobby", token: "second" });
    for (const token of ["mine", "second"]) {
      expect(await resolve({ home, env: { ...evil, AGORA_TOKEN: token } })).toMatchObject({
        ok: false,
        code: "foreign-relay",
      });
    }
    expect(await resolve({ home, env: { ...evil, AGORA_TOKEN: "evils-own" } })).toMatchObject({ token: "evils-own" });
    expect(await resolve({ home, env: { ...evil, AGORA_TOKEN: "evils-own" }, trustEnv: false })).toMatchObject({
      code: "foreign-relay",
    });
  });
  it("but the environment may choose among the relays used before", async () => {
    const home = homeWith(`{"relayUrl": "${ORIGIN}", "token": "mine"}`);
    await saveToken(home, { origin: "wss://second.example", room: "den", token: "second", root: "k" });
    const env = { AGORA_RELAY_URL: "second.example", AGORA_ROOM: "den" };
    expect(await resolve({ home, env, trustEnv: false })).toMatchObject({ token: "second", root: "k" });
  });
  it("a room name that can't be one is refused", async () => {
    expect(await resolve({ home: scratchHome(), typed: { relay: ORIGIN, token: "t", room: "a b" } })).toMatchObject({
      code: "bad-settings",
    });
  });
});

describe("brakes only get tighter from below", () => {
  const typed = { relay: ORIGIN, token: "t" };
  it("by an agent's environment", async () => {
    const home = homeWith(`{"hopLimit": 4}`);
    const env = { CLAUDECODE: "1", AGORA_MODE: "auto", AGORA_HOP_LIMIT: "50", AGORA_MENTION_MAX_AGE_MS: "1000" };
    const settings = await resolve({ home, typed, env });
    expect(settings).toMatchObject({ mode: "manual", hopLimit: 4, mentionMaxAgeMs: 1000 });
    expect(settings["notes"]).toHaveLength(2);
    expect(await resolve({ home, typed: { ...typed, mode: "auto" }, env })).toMatchObject({ mode: "auto" });
  });
  it("by the project's own file, and only when the project is listed", async () => {
    const home = homeWith(`{"mode": "auto"}`);
    const path = scratchProject();
    mkdirSync(join(path, ".agora"));
    const file = join(path, ".agora", "settings.json");
    const project = { ...entryFor(path, { mode: "auto" }), at: 1 };
    writeFileSync(file, `{"mode": "manual", "hopLimit": 1, "mentionMaxAgeMs": 900000}`, { mode: 0o600 });
    const settings = await resolve({ home, path, typed, project });
    expect(settings).toMatchObject({ mode: "manual", hopLimit: 1, mentionMaxAgeMs: 300_000 });
    expect(settings["notes"]).toHaveLength(1);
    expect(await resolve({ home, path, typed })).toMatchObject({ mode: "auto", hopLimit: 3 });
    for (const text of [`{"mode": "auto"}`, `{"relayUrl": "wss://evil.example"}`, `{"token": "x"}`, `{`]) {
      writeFileSync(file, text, { mode: 0o600 });
      const refused = await resolve({ home, path, typed, project });
      expect(refused).toMatchObject({ ok: false, code: "bad-settings" });
      expect(refused["message"]).toContain(file);
      expect(await resolve({ home, path, typed })).toMatchObject({ mode: "auto" });
    }
  });
});

describe("a setting's name of before", () => {
  const typed = { relay: ORIGIN, token: "t" };
  it("is read from the environment, and one line names the one of now", async () => {
    const settings = await resolve({ home: scratchHome(), typed, env: { AGORA_TASK_AGE_MS: "1000" } });
    expect(settings).toMatchObject({ mentionMaxAgeMs: 1000 });
    expect(settings["notes"]).toEqual([
      "AGORA_TASK_AGE_MS is called AGORA_MENTION_MAX_AGE_MS now: the old name is still read, rename it when you can.",
    ]);
    const both = { AGORA_TASK_AGE_MS: "1000", AGORA_MENTION_MAX_AGE_MS: "2000" };
    expect(await resolve({ home: scratchHome(), typed, env: both })).toMatchObject({
      mentionMaxAgeMs: 2000,
      notes: [],
    });
  });
  it("is read from the person's file and tightens from a project's", async () => {
    const home = homeWith(`{"taskAgeMs": 60000}`);
    const settings = await resolve({ home, typed });
    expect(settings).toMatchObject({ mentionMaxAgeMs: 60_000 });
    expect(settings["notes"]).toHaveLength(1);
    const path = scratchProject();
    mkdirSync(join(path, ".agora"));
    writeFileSync(join(path, ".agora", "settings.json"), `{"taskAgeMs": 1000}`, { mode: 0o600 });
    const project = { ...entryFor(path, { mode: "auto" }), at: 1 };
    expect(await resolve({ home, path, typed, project })).toMatchObject({ mentionMaxAgeMs: 1000 });
  });
  it("is a mistake beside the one of now", async () => {
    expect(await resolve({ home: homeWith(`{"taskAgeMs": 1, "mentionMaxAgeMs": 2}`), typed })).toMatchObject({
      code: "bad-settings",
    });
  });
});
