// `agora install shell`: the program on the PATH, by a copy that stays.
import { spawnSync } from "node:child_process";
import { existsSync, lstatSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { ENTRY } from "../../../test/program.ts";
import { VERSION } from "../src/version.ts";
import { agora, temporary } from "./run-cli.ts";

test("links a copy in the home, which starts whatever the PATH has, and once more is the same", async () => {
  using place = temporary();
  const { folder } = place;
  const link = join(folder, ".local", "bin", "agora");
  const PATH = `${join(folder, ".local", "bin")}:${process.env["PATH"]}`;
  const dry = await agora(folder, ["install", "shell", "--dry-run"], { PATH });
  expect(dry).toMatchObject({ code: 0, err: "", out: expect.stringContaining(link) as string });
  expect([existsSync(link), existsSync(join(folder, "home"))]).toEqual([false, false]);
  for (const json of [[], ["--json"]])
    expect(await agora(folder, ["install", "shell", ...json], { PATH })).toMatchObject({ code: 0, err: "" });
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  expect(realpathSync(link)).toBe(join(folder, "home", "bin", "agora"));
  for (const path of [PATH, "/nowhere"]) {
    const ran = spawnSync(link, ["--version"], { env: { PATH: path, HOME: folder }, encoding: "utf8" });
    expect(ran).toMatchObject({ status: 0, stdout: `${VERSION}\n`, stderr: "" });
  }
});

test("names the line and the file of the shell, and edits neither unasked", async () => {
  using place = temporary();
  const { folder } = place;
  writeFileSync(join(folder, ".zshrc"), "# mine\n");
  for (const [shell, file] of [
    ["/bin/zsh", ".zshrc"],
    ["/usr/bin/fish", "config.fish"],
    ["/bin/bash", ".bash"],
    ["", ".profile"],
  ] as const) {
    const ran = await agora(folder, ["install", "shell", "--yes"], { SHELL: shell });
    expect(ran).toMatchObject({ code: 0, err: "" });
    expect(ran.out).toContain(file);
    expect(ran.out).toMatch(/export PATH="\$HOME\/\.local\/bin:\$PATH"|fish_add_path "\$HOME\/\.local\/bin"/);
  }
  expect(readFileSync(join(folder, ".zshrc"), "utf8")).toBe("# mine\n");
  expect(existsSync(join(folder, ".profile"))).toBe(false);
});

test("typed in a client, whose shells have the plugin's own program on the PATH: that one is no other agora", async () => {
  using place = temporary();
  const PATH = `${join(dirname(dirname(ENTRY)), "bin")}:${process.env["PATH"]}`;
  const ran = await agora(place.folder, ["install", "shell"], { PATH, CLAUDECODE: "1", SHELL: "/bin/bash" });
  expect(ran).toMatchObject({ code: 0, err: "" });
  expect(ran.out).toContain("Its folder is not on your PATH");
  expect(ran.out).not.toContain("remove that one");
});

test("what is not ours stays, and one that is found first is named", async () => {
  using place = temporary();
  const { folder } = place;
  const bin = join(folder, ".local", "bin");
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, "agora"), "#!/bin/sh\n", { mode: 0o755 });
  const refused = await agora(folder, ["install", "shell"]);
  expect(refused).toMatchObject({
    code: 1,
    out: "",
    err: expect.stringMatching(/not Agora's: move it away/) as string,
  });
  rmSync(join(bin, "agora"));
  const other = join(folder, "other");
  mkdirSync(other);
  writeFileSync(join(other, "agora"), "#!/bin/sh\n", { mode: 0o755 });
  const ran = await agora(folder, ["install", "shell"], { PATH: `${other}:${bin}:${process.env["PATH"]}` });
  expect(ran).toMatchObject({ code: 0, out: expect.stringContaining(`${join(other, "agora")} first`) as string });
});
