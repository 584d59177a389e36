import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { parse } from "plist";
import { findToken } from "@agora/user-config";
import { expect, onTestFinished, test } from "vitest";
import { launchdPlist } from "./launchd.ts";
import { manageService, type ServiceRequest } from "./service.ts";
import { systemdUnit } from "./systemd.ts";

function scratch(): string {
  const path = mkdtempSync(join(tmpdir(), "agora-unit-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

function request(dir: string, more: Partial<ServiceRequest>): ServiceRequest {
  return {
    what: "install",
    flags: { relay: "ws://127.0.0.1:9911", room: "lobby", http: "8765" },
    env: { HOME: dir, AGORA_HOME: join(dir, "agora home"), AGORA_TOKEN: "a-secret-token" },
    entry: join(dir, "agora.mjs"),
    platform: "linux",
    ...more,
  };
}

/** What the unit says of `request`'s flags. */
const flagsOf = (dir: string): readonly string[] =>
  Object.entries(request(dir, {}).flags).map(([flag, value]) => `--${flag}=${String(value)}`);

test("a unit is shown, written, written again, and removed", async () => {
  const dir = scratch();
  const shown = await manageService(request(dir, { what: "show" }));
  if (!shown.ok) throw new Error(shown.message);
  const { path, text } = shown.value;
  expect(existsSync(path)).toBe(false);
  expect(existsSync(join(dir, "agora home"))).toBe(false);
  expect(text).not.toContain("a-secret-token");
  expect(text).toContain(`"--relay=ws://127.0.0.1:9911" "--room=lobby" "--http=8765"`);

  expect(await manageService(request(dir, {}))).toMatchObject({ ok: true, value: { what: "installed", path, text } });
  expect(readFileSync(path, "utf8")).toBe(text);
  // A service has no environment of the person's: the token waits where a resident finds it.
  expect(findToken({ path: join(dir, "agora home") }, "ws://127.0.0.1:9911", "lobby")).toMatchObject({
    value: { token: "a-secret-token" },
  });
  const { mtimeMs } = statSync(path);
  expect(await manageService(request(dir, {}))).toMatchObject({ ok: true });
  expect(statSync(path).mtimeMs).toBe(mtimeMs);

  expect(await manageService(request(dir, { what: "uninstall" }))).toMatchObject({ value: { what: "removed" } });
  expect(existsSync(path)).toBe(false);
  expect(await manageService(request(dir, { what: "uninstall" }))).toMatchObject({ value: { what: "absent" } });
});

test("launchd's list is where launchd looks, and whole", async () => {
  const dir = scratch();
  const installed = await manageService(request(dir, { platform: "darwin" }));
  if (!installed.ok) throw new Error(installed.message);
  expect(installed.value.path).toBe(join(dir, "Library/LaunchAgents/dev.agora.resident.plist"));
  const { text } = installed.value;
  expect(readFileSync(installed.value.path, "utf8")).toBe(text);
  expect(parse(text)).toMatchObject({
    Label: "dev.agora.resident",
    ProgramArguments: [process.execPath, join(dir, "agora.mjs"), "resident", ...flagsOf(dir)],
    EnvironmentVariables: { AGORA_HOME: join(dir, "agora home") },
  });
  expect(text).not.toContain("a-secret-token");
});

test("a property list's parser takes it, whatever characters its words have", () => {
  const nasty = `a&<b> "c" 'd' ]]> <!-- é 🎉 </string> &amp; %20 $HOME`;
  const text = launchdPlist("l", { node: "/n", entry: nasty, args: [nasty, ""], home: nasty, log: "/l" });
  // launchd.plist(5): these keys, with these types.
  expect(parse(text)).toEqual({
    Label: "l",
    ProgramArguments: ["/n", nasty, nasty, ""],
    EnvironmentVariables: { AGORA_HOME: nasty },
    RunAtLoad: true,
    KeepAlive: true,
    ThrottleInterval: 2,
    Umask: 0o077,
    StandardOutPath: "/l",
    StandardErrorPath: "/l",
  });
  // That a broken one would be noticed:
  expect(text).not.toMatch(/&(?!amp;|lt;|gt;)/);
  for (const [part, instead] of [
    ["<true/>", "<yes/>"],
    ["<key>Label</key>", ""],
  ] as const)
    expect(() => parse(text.replace(part, instead))).toThrow(/\w/);
});

test("other systems are told so; a line break in a setting is refused", async () => {
  const dir = scratch();
  expect(await manageService(request(dir, { platform: "win32" }))).toMatchObject({ ok: false, code: "refused" });
  const broken = request(dir, {
    what: "show",
    flags: { room: "lobby", "allowed-hosts": "a\nExecStartPost=/bin/false" },
  });
  expect(await manageService(broken)).toMatchObject({ ok: false, code: "usage" });
  const control = request(dir, { what: "show", flags: { room: "lobby", name: "resident" }, entry: "/a\u0001b" });
  expect(await manageService(control)).toMatchObject({ ok: false, code: "usage" });
});

test("systemd takes the unit, whatever characters its words have", async ({ skip }) => {
  const available = await promisify(execFile)("systemd-analyze", ["--version"]).then(
    () => true,
    () => false,
  );
  if (!available) skip("no systemd-analyze here");
  const dir = scratch();
  // The user's manager wants a folder of its own, logged in or not.
  const env = { ...process.env, XDG_RUNTIME_DIR: dir };
  const verify = (path: string) => promisify(execFile)("systemd-analyze", ["--user", "verify", path], { env });
  const path = join(dir, "agora-resident.service");
  const facts = { node: process.execPath, entry: `/opt/a "b" 100% $HOME \\n/agora.mjs`, home: "/h 100% $x", log: "" };
  writeFileSync(path, systemdUnit({ ...facts, args: ["resident", "--room=lobby", "--http=8765"] }));
  expect((await verify(path)).stderr).not.toContain(path);
  // That this would be noticed:
  writeFileSync(path, readFileSync(path, "utf8").replace("Restart=always", "Restart=sometimes"));
  const wrong = await verify(path).then(
    ({ stderr }) => stderr,
    (error: { stderr?: string }) => error.stderr ?? "",
  );
  expect(wrong).toContain(`${path}:`);
});
