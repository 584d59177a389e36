import { chmodSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { describe, expect, it } from "vitest";
import { scratch } from "../test/scratch.ts";
import { createOnce, readPrivate, replacePrivate } from "./private-file.ts";

const posix = process.platform !== "win32";

describe("private files", () => {
  it.runIf(posix)("refuses links, folders, and what others could read or write", () => {
    const dir = scratch();
    writeFileSync(join(dir, "real"), "x", { mode: 0o600 });
    symlinkSync(join(dir, "real"), join(dir, "link"));
    mkdirSync(join(dir, "folder"));
    writeFileSync(join(dir, "readable"), "x");
    chmodSync(join(dir, "readable"), 0o644);
    writeFileSync(join(dir, "writable"), "x");
    chmodSync(join(dir, "writable"), 0o666);
    const told = (name: string, secret: boolean): string => {
      const read = readPrivate(join(dir, name), secret);
      return read.ok ? String(read.value) : read.message;
    };
    expect(told("real", true)).toBe("x");
    expect(told("none", true)).toBe("undefined");
    expect(told("link", true)).toMatch(/is a link/);
    expect(told("folder", true)).toMatch(/is not a plain file/);
    expect(told("readable", true)).toMatch(/can be read by others/);
    expect(told("readable", false)).toBe("x");
    expect(told("writable", false)).toMatch(/can be written by others/);
  });
  it("is made once, 0600, with nothing left beside it", () => {
    const dir = scratch();
    const path = join(dir, "secret");
    expect(createOnce(path, () => "one")).toEqual({ ok: true, value: "one" });
    expect(createOnce(path, () => "two")).toEqual({ ok: true, value: "one" });
    expect(posix ? statSync(path).mode & 0o777 : 0o600).toBe(0o600);
    expect(readdirSync(dir)).toEqual(["secret"]);
  });
  it("gives all makers at once the same text", async () => {
    const dir = scratch();
    const module = new URL("private-file.ts", import.meta.url).href;
    const code = `import { parentPort, workerData } from "node:worker_threads";
      const { createOnce } = await import(${JSON.stringify(module)});
      parentPort.postMessage("ready");
      parentPort.once("message", () => {
        const made = [];
        for (let i = 0; i < 20; i++) made.push(createOnce(workerData.dir + "/s" + i, () => workerData.me + "-" + i));
        parentPort.postMessage(made.map((m) => m.value ?? m.message));
        parentPort.close();
      });`;
    const workers = Array.from({ length: 6 }, (_, me) => {
      const url = new URL(`data:text/javascript,${encodeURIComponent(code)}`);
      return new Worker(url, { workerData: { dir, me } });
    });
    const next = (worker: Worker): Promise<unknown> => new Promise((resolve) => worker.once("message", resolve));
    await Promise.all(workers.map(next));
    const results = workers.map(next);
    for (const worker of workers) worker.postMessage("go");
    const made = (await Promise.all(results)) as string[][];
    for (const one of made) expect(one).toEqual(made[0]);
    for (const [i, value] of made[0]!.entries()) expect(value).toMatch(new RegExp(`^[0-5]-${i}$`));
    expect(readdirSync(dir)).toHaveLength(20);
  });
  it("is replaced in one step and stays closed", async () => {
    const path = join(scratch(), "file");
    expect((await replacePrivate(path, "a")).ok).toBe(true);
    expect((await replacePrivate(path, "b")).ok).toBe(true);
    expect(readPrivate(path, true)).toEqual({ ok: true, value: "b" });
  });
});
