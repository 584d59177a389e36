import { spawnSync } from "node:child_process";
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { replaceFile } from "./replace-file.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "agora-replace-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

test("makes a private file, keeps the rights of one that is there, and leaves nothing beside", () => {
  const path = join(dir, "file");
  replaceFile(path, "one");
  expect(statSync(path).mode & 0o777).toBe(0o600);
  chmodSync(path, 0o644);
  replaceFile(path, "two");
  expect([readFileSync(path, "utf8"), statSync(path).mode & 0o777]).toEqual(["two", 0o644]);
  replaceFile(path, "three", { mode: 0o600, sync: false });
  expect([readFileSync(path, "utf8"), statSync(path).mode & 0o777]).toEqual(["three", 0o600]);
  expect(readdirSync(dir)).toEqual(["file"]);
});

test("a link stays a link: what it points to is replaced", () => {
  const [path, link] = [join(dir, "file"), join(dir, "link")];
  writeFileSync(path, "one");
  symlinkSync(path, link);
  replaceFile(link, "two");
  expect([readlinkSync(link), readFileSync(path, "utf8")]).toEqual([path, "two"]);
});

test("what lies under the name it writes to is not written through", () => {
  const [path, other] = [join(dir, "file"), join(dir, "other")];
  writeFileSync(other, "another's");
  symlinkSync(other, `${path}.${process.pid}.next`);
  replaceFile(path, "ours");
  expect([readFileSync(path, "utf8"), readFileSync(other, "utf8")]).toEqual(["ours", "another's"]);
  expect(readdirSync(dir).sort()).toEqual(["file", "other"]);
});

// The system lets a process write so much to a file, then takes less than it is given, then nothing: as a disk that becomes full.
test.skipIf(process.platform === "win32")(
  "a disk that takes half of it: it throws, and the old text is there whole",
  () => {
    const path = join(dir, "file");
    writeFileSync(path, "the old text");
    const module = pathToFileURL(join(import.meta.dirname, "replace-file.ts")).href;
    const script = `
    const { replaceFile } = await import(${JSON.stringify(module)});
    try { replaceFile(process.argv[1], "x".repeat(100_000)); console.log("no error"); }
    catch (error) { console.log(error.code); }`;
    const words = ["-c", 'ulimit -f 16; exec "$@"', "sh", process.execPath, "--input-type=module", "-e", script, path];
    const ran = spawnSync("sh", words, { encoding: "utf8" });
    expect([ran.stdout.trim(), readFileSync(path, "utf8"), readdirSync(dir)]).toEqual([
      "EFBIG",
      "the old text",
      ["file"],
    ]);
  },
);
