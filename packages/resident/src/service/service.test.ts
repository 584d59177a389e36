import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { findToken } from "@agora/home";
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
  const text = launchdPlist("l", { node: "/n", entry: "/e", args: ["a&<b>"], home: "/h", log: "/l" });
  expect(text).toContain("<string>a&amp;&lt;b&gt;</string>");
});

test("other systems are told so; a line break in a setting is refused", async () => {
  const dir = scratch();
  expect(await manageService(request(dir, { platform: "win32" }))).toMatchObject({ ok: false, code: "refused" });
  const broken = request(dir, {
    what: "show",
    flags: { room: "lobby", "allowed-hosts": "a\nExecStartPost=/bin/false" },
  });
  expect(await manageService(broken)).toMatchObject({ ok: false, code: "usage" });
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
