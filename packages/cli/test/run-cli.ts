// Runs the executable as a child process, as a person would, in a temporary home.
import { spawn } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { COMPILED, TYPED } from "../../../test/program.ts";

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A temporary folder with a home and a project, removed at the end. */
export function temporary(): { readonly folder: string; [Symbol.dispose](): void } {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "agora-cli-")));
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Runs `agora words…` in `folder`; `stdin` is closed unless given. */
export function agora(
  folder: string,
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
  stdin = "",
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [TYPED, ...words], {
      cwd: folder,
      env: { PATH: process.env["PATH"] ?? "", ...COMPILED, HOME: folder, AGORA_HOME: join(folder, "home"), ...env },
    });
    let out = "";
    let err = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, out, err }));
    child.stdin.on("error", () => undefined).end(stdin);
  });
}
