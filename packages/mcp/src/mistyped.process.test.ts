import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { answerMistyped } from "./mistyped.ts";

/** A plugin's folder with the commands say and who, and a hook that tells what it was asked. */
function plugin(): string {
  const folder = mkdtempSync(join(tmpdir(), "agora 'plug' $in-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const name of ["commands", "dist"]) mkdirSync(join(folder, name));
  for (const name of ["say", "who"]) writeFileSync(join(folder, "commands", `${name}.md`), "");
  writeFileSync(join(folder, "dist", "hook.cjs"), 'process.stdin.pipe(process.stdout).write("asked ");');
  return folder;
}

const call = (prompt: string): string =>
  JSON.stringify({ session_id: "s", hook_event_name: "UserPromptSubmit", prompt });

test("a prompt that begins as a command and is none is blocked, with the nearest; all else passes", () => {
  const bundle = join(plugin(), "dist", "agora.mjs");
  const answer = JSON.parse(answerMistyped(call("/agora:sai @bob hi"), bundle)) as { decision: string; reason: string };
  expect(answer).toMatchObject({
    decision: "block",
    reason: "Not sent, because: there is no command /agora:sai: did you mean /agora:say?",
  });
  for (const typed of ["/agora:", "/agora:zzzzz x", "/agora:../dist/x", `/agora:${"x".repeat(9_000)}`])
    expect(answerMistyped(call(typed), bundle)).toContain("/agora:help lists all.");
  for (const typed of ["/agora:say hi", "/agora:who", "hello", " /agora:sai", "/agora"])
    expect(answerMistyped(call(typed), bundle)).toBe("");
  for (const odd of ["", "null", "[1]", '{"prompt":7}', "{"]) expect(answerMistyped(odd, bundle)).toBe("");
  expect(answerMistyped(call("/agora:sai"), "/gone/dist/agora.mjs")).toBe("");
});

test.skipIf(process.platform === "win32")(
  "the plugin's hook asks for such prompts alone, and does nothing with their words",
  () => {
    const path = join(import.meta.dirname, "../../claude-code/hooks/hooks.json");
    const { hooks } = JSON.parse(readFileSync(path, "utf8")) as {
      hooks: { UserPromptSubmit: { hooks: { type: string; command?: string }[] }[] };
    };
    const command = hooks.UserPromptSubmit[0]!.hooks.find(({ type }) => type === "command")!.command!;
    const folder = plugin();
    const env = { PATH: process.env["PATH"] ?? "", CLAUDE_PLUGIN_ROOT: folder };
    const asked = (prompt: string): boolean => {
      const ran = spawnSync("/bin/sh", ["-c", command], { input: call(prompt), env, encoding: "utf8", cwd: folder });
      expect(ran).toMatchObject({ status: 0, stderr: "" });
      expect(["", `asked ${call(prompt)}`]).toContain(ran.stdout);
      return ran.stdout !== "";
    };
    for (const prompt of [
      "/agora:sai hi",
      "/agora:",
      "/agora:Say x",
      "/agora:$(touch x) `touch y`",
      "/agora:-n %s \\n",
    ])
      expect([prompt, asked(prompt)]).toEqual([prompt, true]);
    for (const prompt of ["hello", "/agora:say hi", "/agora:who", '"prompt":"/agora:sai', "a".repeat(500_000), "/help"])
      expect([prompt.slice(0, 20), asked(prompt)]).toEqual([prompt.slice(0, 20), false]);
    expect(spawnSync("ls", { cwd: folder, encoding: "utf8" }).stdout).toBe("commands\ndist\n");
  },
);
