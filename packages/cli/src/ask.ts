// Asking a person at a terminal, unseen while it is typed. Without a terminal, or in an agent's shell, nobody is asked.
import { type Ask, viaOfShell } from "@agora/commands";

/** What can be asked here; undefined when nobody is there to answer. */
export function chooseAsk(env: Readonly<Record<string, string | undefined>>): Ask | undefined {
  if (viaOfShell(env) !== "cli" || !process.stdin.isTTY || !process.stderr.isTTY) return undefined;
  return {
    async secret(message) {
      const { isCancel, password } = await import("@clack/prompts");
      const answer = await password({ message, output: process.stderr });
      return isCancel(answer) ? undefined : answer.trim();
    },
    async yes(message) {
      const { confirm, isCancel } = await import("@clack/prompts");
      const answer = await confirm({ message, initialValue: false, output: process.stderr });
      return !isCancel(answer) && answer;
    },
  };
}

/** A yes or no; undefined when nobody is there to answer. */
export async function askYes(
  env: Readonly<Record<string, string | undefined>>,
  message: string,
): Promise<boolean | undefined> {
  return await chooseAsk(env)?.yes(message);
}

/** Which of these, by their numbers; undefined when nobody is there to answer or the person gave up. */
export async function askWhich(
  env: Readonly<Record<string, string | undefined>>,
  message: string,
  rows: readonly { readonly label: string; readonly chosen: boolean }[],
): Promise<readonly number[] | undefined> {
  if (chooseAsk(env) === undefined) return undefined;
  const { isCancel, multiselect } = await import("@clack/prompts");
  const answer = await multiselect({
    message,
    options: rows.map(({ label }, value) => ({ value, label })),
    initialValues: rows.flatMap(({ chosen }, index) => (chosen ? [index] : [])),
    required: false,
    output: process.stderr,
  });
  return isCancel(answer) ? undefined : answer;
}
