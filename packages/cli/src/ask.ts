// Asks a person at a terminal, without echo. Without a terminal, or in an agent's shell, nobody is asked.
import { isatty } from "node:tty";
import { type Ask, viaOfShell } from "@agora/commands";

/** How to ask a question here; undefined when nobody is there to answer. */
export function chooseAsk(env: Readonly<Record<string, string | undefined>>): Ask | undefined {
  // By number: the streams of `process` take longer to load than to ask.
  if (!isatty(0) || !isatty(2) || viaOfShell(env) !== "cli") return undefined;
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

/** Asks yes or no; undefined when nobody is there to answer. */
export async function askYes(
  env: Readonly<Record<string, string | undefined>>,
  message: string,
): Promise<boolean | undefined> {
  return await chooseAsk(env)?.yes(message);
}

/** Asks which of these, by number; undefined when nobody is there to answer or the person gave up. */
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
