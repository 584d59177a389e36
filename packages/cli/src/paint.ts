// Colours for a terminal, by chalk; none in a pipe, with NO_COLOR, or on a terminal without colours.
import type { Paint } from "@agora/commands";

/** The colours to use, or undefined for none. Chalk is loaded only when needed. */
export async function choosePaint(
  env: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean,
): Promise<Paint | undefined> {
  const forced = env["FORCE_COLOR"] !== undefined && env["FORCE_COLOR"] !== "0";
  const refused = (env["NO_COLOR"] ?? "") !== "" || env["TERM"] === "dumb" || env["FORCE_COLOR"] === "0";
  if (refused || !(isTerminal || forced)) return undefined;
  const { Chalk } = await import("chalk");
  const chalk = new Chalk({ level: 1 });
  return {
    dim: (text) => chalk.dim(text),
    bold: (text) => chalk.bold(text),
    good: (text) => chalk.green(text),
    bad: (text) => chalk.red(text),
    name: (text) => chalk.cyan(text),
    ink: (text) => chalk.black.bgWhiteBright(text),
  };
}
