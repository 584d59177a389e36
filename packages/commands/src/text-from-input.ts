// `-` in place of a text: sends everything a program wrote into the pipe.
import { fail, ok, type Result } from "@agora/protocol";
import type { CommandContext } from "./answer.ts";
import type { Command } from "./command.ts";

/** The words of commands that are texts. */
const TEXTS = ["text", "extra", "reason", "words"] as const;
/** More than any message can hold; anything longer must be sent as a file. */
const MAX_CHARS = 2 * 1024 * 1024;

/** The command with its text read from standard input where it is `-`; a model's own words are left alone. */
export async function withInput<C extends Command>(
  command: C,
  { terminal, via }: Pick<CommandContext, "terminal" | "via">,
): Promise<Result<C, "usage" | "empty" | "too-long">> {
  const key = TEXTS.find((name) => name in command && (command as Record<string, unknown>)[name] === "-");
  if (key === undefined || (terminal === undefined && via !== "hook")) return ok(command);
  const text = await terminal?.input(MAX_CHARS);
  if (text === undefined)
    return fail(
      "usage",
      "- reads the text from a pipe, as in `make 2>&1 | agora say @bob -`; there is none here. To say a dash, put -- before it and a word beside it.",
    );
  if (text.length > MAX_CHARS)
    return fail("too-long", "More came than a message holds: write it into a file and send that with --file.");
  if (text.trim() === "") return fail("empty", "Nothing came on standard input, and nothing was sent.");
  return ok({ ...command, [key]: text.replace(/\r?\n$/, "") });
}
