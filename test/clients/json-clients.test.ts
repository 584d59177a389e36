// What the installer writes, read by the clients themselves: Gemini CLI and opencode start our server from it and connect,
// with loopback alone; and their files come back byte for byte.
import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { ENTRY } from "../program.ts";
import { openNamespace } from "./namespace.ts";
import { fileOf, GEMINI, installNpmClient, type NpmClient, OPENCODE } from "./npm-client.ts";
import { openScratch } from "./scratch.ts";

const before = '{\n  // my own words, which nobody may touch\n  "mine": { "a": 1 }, // and these\n}\n';

interface Case {
  readonly name: string;
  readonly client: NpmClient;
  readonly file: string;
  readonly text: string;
  readonly command: readonly string[];
  /** What the person says to the client first: it starts servers only where it trusts the folder. */
  readonly trusts?: (project: string) => { readonly file: string; readonly text: string };
}

const CASES: readonly Case[] = [
  {
    name: "gemini",
    client: GEMINI,
    file: ".gemini/settings.json",
    text: before.replace(/,(?= \/\/ and)/, ""),
    command: [process.execPath, fileOf(GEMINI)],
    trusts: (project) => ({
      file: ".gemini/trustedFolders.json",
      text: JSON.stringify({ [project]: "TRUST_FOLDER" }),
    }),
  },
  {
    name: "opencode",
    client: OPENCODE,
    file: ".config/opencode/opencode.jsonc",
    text: before.replace('"mine": { "a": 1 }', '"$schema": "https://opencode.ai/config.json"'),
    command: [fileOf(OPENCODE)],
  },
];

test.each(CASES)("$name reads the entry, and connects to the server", { timeout: 400_000 }, async (own) => {
  await installNpmClient(own.client);
  await using scratch = await openScratch();
  await using net = await openNamespace();
  const [home, project] = [join(scratch.path, "home"), join(scratch.path, "project")];
  const config = join(home, own.file);
  await mkdir(dirname(config), { recursive: true });
  await writeFile(config, own.text);
  await promisify(execFile)("git", ["init", "--quiet", project]);
  const trust = own.trusts?.(project);
  if (trust !== undefined) await writeFile(join(home, trust.file), trust.text);
  const env = {
    PATH: `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`,
    HOME: home,
    AGORA_HOME: join(home, "agora"),
    TERM: "dumb",
    NO_COLOR: "1",
  };
  const agora = (...words: string[]) => net.run(process.execPath, [ENTRY, ...words], { env, cwd: project });
  const list = async (): Promise<string> => {
    const [command = "", ...words] = own.command;
    const ran = await net.run(command, [...words, "mcp", "list"], { env, cwd: project });
    return ran.stdout + ran.stderr;
  };

  expect(await list()).not.toContain("agora");
  expect((await agora("install", own.name, "--yes")).code).toBe(0);
  expect(await list()).toMatch(/✓ agora[^]*connected/i);
  expect((await agora("install", own.name, "--uninstall", "--yes")).code).toBe(0);
  expect(await readFile(config, "utf8")).toBe(own.text);
  expect(await list()).not.toContain("agora");
});
