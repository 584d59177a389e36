import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { scratch, scratchHome } from "../test/scratch.ts";
import { daemonCode, installedDaemon } from "./installed-daemon.ts";

it("copies the bundle once per content; an entry in TypeScript is used as it is", async () => {
  const home = scratchHome();
  const bundle = join(scratch(), "agora.mjs");
  writeFileSync(bundle, "// one");
  const all = await Promise.all([installedDaemon(home, bundle, "0.1.0"), installedDaemon(home, bundle, "0.1.0")]);
  expect(all[0]).toEqual(all[1]);
  const path = all[0].ok ? all[0].value : "";
  expect(path).toMatch(/versions[\\/]0\.1\.0-[0-9a-f]{8}[\\/]agora\.mjs$/);
  expect(readFileSync(path, "utf8")).toBe("// one");
  expect(readdirSync(join(home.path, "versions"))).toHaveLength(1);
  writeFileSync(bundle, "// two");
  const two = await installedDaemon(home, bundle, "0.1.0");
  expect(two.ok && two.value !== path && readFileSync(two.value, "utf8")).toBe("// two");
  expect(await installedDaemon(home, "/x/main.ts", "0.1.0")).toEqual({ ok: true, value: "/x/main.ts" });
});

it("heals a damaged copy", async () => {
  const home = scratchHome();
  const bundle = join(scratch(), "agora.mjs");
  writeFileSync(bundle, "// whole");
  const first = await installedDaemon(home, bundle, "0.1.0");
  if (!first.ok) throw new Error(first.message);
  writeFileSync(first.value, "// wh");
  await installedDaemon(home, bundle, "0.1.0");
  expect(readFileSync(first.value, "utf8")).toBe("// whole");
});

describe("the part that daemons run, where it lies beside the bundle", () => {
  const place = (): { readonly bundle: string; readonly part: string } => {
    const folder = scratch();
    const [bundle, part] = [join(folder, "agora.mjs"), join(folder, "daemon.cjs")];
    writeFileSync(bundle, "// whole");
    writeFileSync(part, "// part");
    return { bundle, part };
  };

  it("is copied and launched, also by who has the whole one alone; damaged, it is healed", async () => {
    const home = scratchHome();
    const { bundle } = place();
    const first = await installedDaemon(home, bundle, "0.1.0");
    if (!first.ok) throw new Error(first.message);
    expect(first.value).toMatch(/versions[\\/]0\.1\.0-[0-9a-f]{8}[\\/]daemon\.cjs$/);
    expect(readdirSync(join(first.value, "..")).sort()).toEqual(["agora.mjs", "daemon.cjs"]);
    const alone = join(scratch(), "agora.mjs");
    writeFileSync(alone, "// whole");
    expect(await installedDaemon(home, alone, "0.1.0")).toEqual(first);
    writeFileSync(first.value, "// somebody else's");
    expect(await installedDaemon(home, alone, "0.1.0")).toEqual({ ok: true, value: join(first.value, "../agora.mjs") });
    expect(await installedDaemon(home, bundle, "0.1.0")).toEqual(first);
    expect(readFileSync(first.value, "utf8")).toBe("// part");
  });

  it("joins a copy that an earlier version made of the same bundle", async () => {
    const home = scratchHome();
    const { bundle, part } = place();
    rmSync(part);
    expect(await installedDaemon(home, bundle, "0.1.0")).toMatchObject({ value: expect.stringMatching(/agora\.mjs$/) });
    writeFileSync(part, "// part");
    expect(await installedDaemon(home, bundle, "0.1.0")).toMatchObject({
      value: expect.stringMatching(/daemon\.cjs$/),
    });
  });

  it("is not launched unless its bytes are those that were listed", async () => {
    const home = scratchHome();
    const newer = await installedDaemon(home, place().bundle, "0.2.0");
    if (!newer.ok) throw new Error(newer.message);
    const { bundle } = place();
    writeFileSync(bundle, "// older");
    const paths = async (): Promise<readonly string[]> => {
      const codes = await daemonCode(home, bundle, "0.1.0");
      return codes.ok ? codes.value.map(({ path }) => path) : [codes.code];
    };
    expect((await paths())[0]).toBe(newer.value);
    writeFileSync(newer.value, "// somebody else's");
    expect((await paths())[0]).toBe(join(newer.value, "../agora.mjs"));
    writeFileSync(join(newer.value, "../agora.mjs"), "// somebody else's");
    expect(await paths()).toHaveLength(1);
  });
});

it("removes copies unused for weeks, but keeps the newest few", async () => {
  const home = scratchHome();
  const versions = join(home.path, "versions");
  const bundle = join(scratch(), "agora.mjs");
  writeFileSync(bundle, "// new");
  mkdirSync(versions, { recursive: true, mode: 0o700 });
  const day = 24 * 3_600;
  for (const [name, days] of [
    ["a", 1],
    ["b", 2],
    ["c", 3],
    ["d", 40],
    ["e", 50],
  ] as const) {
    mkdirSync(join(versions, name));
    const then = Date.now() / 1000 - days * day;
    utimesSync(join(versions, name), then, then);
  }
  await installedDaemon(home, bundle, "0.1.0");
  expect(["a", "b", "c", "d", "e"].filter((name) => existsSync(join(versions, name)))).toEqual(["a", "b", "c"]);
});

describe("what is launched", () => {
  const write = (text: string): string => {
    const bundle = join(scratch(), "agora.mjs");
    writeFileSync(bundle, text);
    return bundle;
  };
  const versions = async (...args: Parameters<typeof daemonCode>): Promise<readonly string[]> => {
    const codes = await daemonCode(...args);
    return codes.ok ? codes.value.map(({ version }) => version) : [codes.code];
  };

  it("is the newest copy, whoever asks; the caller's own is the second choice", async () => {
    const home = scratchHome();
    const [old, newer] = [write("// old"), write("// newer")];
    expect(await versions(home, old, "0.9.0")).toEqual(["0.9.0"]);
    expect(await versions(home, newer, "0.10.0")).toEqual(["0.10.0"]);
    expect(await versions(home, old, "0.9.0")).toEqual(["0.10.0", "0.9.0"]);
    expect(await versions(home, write("// rebuilt"), "0.10.0")).toEqual(["0.10.0"]);
    expect(await versions(home, "/x/main.ts", "0.1.0")).toEqual(["0.1.0"]);
  });

  it("goes on without the caller's bundle, which an update took away", async () => {
    const home = scratchHome();
    expect(await versions(home, "/gone/agora.mjs", "0.1.0")).toEqual(["disk"]);
    await versions(home, write("// kept"), "0.2.0");
    expect(await versions(home, "/gone/agora.mjs", "0.1.0")).toEqual(["0.2.0"]);
  });

  it("is never a damaged copy", async () => {
    const home = scratchHome();
    const newer = await installedDaemon(home, write("// newer"), "0.2.0");
    if (newer.ok) writeFileSync(newer.value, "// somebody else's");
    expect(await versions(home, write("// old"), "0.1.0")).toEqual(["0.1.0"]);
  });

  it("keeps a newer copy however long nobody launched it", async () => {
    const home = scratchHome();
    const newer = await installedDaemon(home, write("// newer"), "0.2.0");
    const then = Date.now() / 1000 - 90 * 24 * 3_600;
    if (newer.ok) utimesSync(join(newer.value, ".."), then, then);
    for (const n of [1, 2, 3, 4, 5]) await installedDaemon(home, write(`// ${n}`), "0.1.0");
    expect(await versions(home, write("// 1"), "0.1.0")).toEqual(["0.2.0", "0.1.0"]);
  });
});
