import { chmodSync, mkdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { scratch, scratchHome } from "../test/scratch.ts";
import { ensureHome, findHome } from "./directory.ts";

const posix = process.platform !== "win32";

describe("where the home is", () => {
  it("is AGORA_HOME, else under XDG_CONFIG_HOME, else ~/.config", () => {
    expect(findHome({ AGORA_HOME: "/a", XDG_CONFIG_HOME: "/x", HOME: "/h" }, "linux").path).toBe("/a");
    expect(findHome({ XDG_CONFIG_HOME: "/x", HOME: "/h" }, "linux").path).toBe(join("/x", "agora"));
    expect(findHome({ HOME: "/h" }, "darwin").path).toBe(join("/h", ".config", "agora"));
    expect(findHome({}, "linux").path).toBe(join(homedir(), ".config", "agora"));
  });
  it("ignores a relative XDG_CONFIG_HOME, as its specification says", () => {
    expect(findHome({ XDG_CONFIG_HOME: "x", HOME: "/h" }, "linux").path).toBe(join("/h", ".config", "agora"));
  });
  it("is under %APPDATA% on Windows", () => {
    expect(findHome({ APPDATA: "/roaming" }, "win32").path).toBe(join("/roaming", "agora"));
  });
});

/** A folder in which this user makes nothing; root is refused by the kernel's own file systems only. */
function unwritable(): string {
  if (process.getuid?.() === 0) return "/sys";
  const path = join(scratch(), "closed");
  mkdirSync(path, { mode: 0o500 });
  return path;
}

describe("making the home", () => {
  it("makes it for this user alone", () => {
    const home = scratchHome();
    expect(ensureHome(home)).toEqual({ ok: true, value: home });
    expect(statSync(home.path).mode & 0o777).toBe(0o700);
  });
  it.runIf(posix)("closes one that others may read", () => {
    const home = scratchHome();
    mkdirSync(home.path, { recursive: true, mode: 0o755 });
    expect(ensureHome(home).ok).toBe(true);
    expect(statSync(home.path).mode & 0o777).toBe(0o700);
  });
  it.runIf(posix)("refuses a link, a file, and a folder that others may write", () => {
    const dir = scratch();
    mkdirSync(join(dir, "real"), { mode: 0o700 });
    symlinkSync(join(dir, "real"), join(dir, "link"));
    writeFileSync(join(dir, "file"), "");
    mkdirSync(join(dir, "open"));
    chmodSync(join(dir, "open"), 0o777);
    for (const [name, word] of [
      ["link", "is a link"],
      ["file", "is not a folder"],
      ["open", "can be written by others"],
    ]) {
      const made = ensureHome({ path: join(dir, name!) });
      expect(made.ok ? "" : `${made.code} ${made.message}`).toMatch(new RegExp(`^bad-home .*${word}`));
    }
  });
  it.runIf(posix)("refuses a home it can't write", () => {
    const parent = unwritable();
    const made = ensureHome({ path: join(parent, "agora") });
    expect(made.ok ? "" : made.message).toMatch(/can't be written/);
  });
  it.runIf(process.getuid?.() === 0 && process.platform === "linux")("refuses another user's folder", async () => {
    const { chownSync } = await import("node:fs");
    const path = join(scratch(), "theirs");
    mkdirSync(path, { mode: 0o700 });
    chownSync(path, 12_345, 12_345);
    const made = ensureHome({ path });
    expect(made.ok ? "" : made.message).toMatch(/belongs to another user/);
  });
});
