import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { scratch, scratchHome } from "../test/scratch.ts";
import { checkSocketFolder, ensureSocketFolder, socketPath } from "./socket-path.ts";

it("is short, and each home and project has its own", () => {
  const short = { path: "/h" };
  const place = socketPath(short, "/p", "linux");
  expect(place.path).toMatch(/^\/h\/run\/[0-9a-f]{16}\.sock$/);
  expect(socketPath(short, "/q", "linux").path).not.toBe(place.path);
  const long = { path: `/${"h".repeat(120)}` };
  expect(socketPath(long, "/p", "linux").path).toMatch(/^\/tmp\/agora-\d+\/[0-9a-f]{16}\.sock$/);
  expect(socketPath(long, "/p", "linux").errorFile).toContain(long.path);
  expect(socketPath({ path: `${long.path}x` }, "/p", "linux").path).not.toBe(socketPath(long, "/p", "linux").path);
  expect(socketPath(short, "/p", "win32")).toMatchObject({
    path: expect.stringMatching(/^\\\\\.\\pipe\\agora-[0-9a-f]{16}$/),
  });
});

it.runIf(process.platform !== "win32")("refuses a folder that is a link", () => {
  const home = scratchHome();
  const place = socketPath({ path: "/x" }, "/p");
  expect(checkSocketFolder(home, place)).toEqual({ ok: true, value: false });
  mkdirSync(home.path, { recursive: true, mode: 0o700 });
  symlinkSync(scratch(), join(home.path, "run"));
  const own = { ...place, folder: join(home.path, "run") };
  expect(ensureSocketFolder(home, own)).toMatchObject({ ok: false, code: "bad-home" });
  expect(checkSocketFolder(home, own)).toMatchObject({ ok: false, code: "bad-home" });
});
