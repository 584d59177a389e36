// `agora install` as a person without a terminal, or an agent, meets it.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { agora, temporary } from "./run-cli.ts";

test("shows, refuses to write unasked, writes with --yes, takes out again", async () => {
  using place = temporary();
  const { folder } = place;
  const file = join(folder, ".codex", "config.toml");
  mkdirSync(join(folder, ".codex"));
  writeFileSync(file, "# mine\n");
  const dry = await agora(folder, ["install", "codex", "--dry-run"]);
  expect(dry).toMatchObject({ code: 0, out: expect.stringMatching(/^ # mine\n\+\n\+# Agora/m) as string });
  expect(existsSync(join(folder, "home"))).toBe(false);
  expect(await agora(folder, ["install", "codex"])).toMatchObject({
    code: 2,
    err: expect.stringContaining("--yes") as string,
  });
  expect(readFileSync(file, "utf8")).toBe("# mine\n");
  expect((await agora(folder, ["install", "codex", "--yes", "--name", "team"])).out).toMatch(/type \/hooks in Codex/);
  expect(readFileSync(file, "utf8")).toMatch(/^\[mcp_servers\.team\]$/m);
  const list = JSON.parse((await agora(folder, ["install", "--list", "--json", "--name", "team"])).out) as {
    client: string;
    installed: boolean;
    present: boolean;
  }[];
  expect(list.find(({ client }) => client === "codex")).toMatchObject({ installed: true, present: true });
  expect(list.find(({ client }) => client === "cursor")).toMatchObject({ installed: false, present: false });
  await agora(folder, ["install", "codex", "--uninstall", "--yes", "--name", "team"]);
  expect(readFileSync(file, "utf8")).toBe("# mine\n");
  expect((await agora(folder, ["install", "codex", "--uninstall", "--yes", "--name", "team"])).out).toMatch(
    /nothing of Agora/,
  );
});

test("words to copy, and mistakes in one sentence", async () => {
  using place = temporary();
  const { folder } = place;
  expect((await agora(folder, ["install", "--agents-md"])).out).toMatch(/^## Agora/);
  expect((await agora(folder, ["install", "--paste"])).out).toMatch(/install codex --dry-run/);
  expect(await agora(folder, ["install", "emacs"])).toMatchObject({
    code: 2,
    err: expect.stringContaining("codex, claude") as string,
  });
  expect((await agora(folder, ["install", "codex", "--name", "a b"])).code).toBe(2);
});
