// Types a command at a real terminal, as a person does: `script` of util-linux gives it one.
import { spawn, spawnSync } from "node:child_process";
import { TYPED } from "./program.ts";
import { type Person, until } from "./test-users.ts";

/** Whether this machine can give a program a terminal. */
export const hasTerminal = process.platform === "linux" && spawnSync("script", ["--version"]).status === 0;

/** Types a command of a person whose home is `user`, and `answer` once `question` is shown; gives what was shown in all. */
export async function typeAtTerminal(
  { home, project }: Person,
  user: string,
  words: readonly string[],
  { question, answer }: { readonly question: string; readonly answer: string },
): Promise<string> {
  const command = [process.execPath, TYPED, ...words].map((word) => `'${word}'`).join(" ");
  const env = { PATH: process.env["PATH"] ?? "", HOME: user, AGORA_HOME: home, TERM: "xterm" };
  const terminal = spawn("script", ["-qefc", `stty cols 300; ${command}`, "/dev/null"], { cwd: project, env });
  let shown = "";
  let ended = false;
  terminal.stdout.setEncoding("utf8").on("data", (text: string) => (shown += text));
  terminal.once("close", () => (ended = true));
  await until("the question", () => ended || shown.includes(question));
  if (!ended) terminal.stdin.on("error", () => undefined).write(answer); // it may end at this very moment
  await until("the end", () => ended);
  return shown;
}
