// Which channel a word names.
import { fail, harmlessLine, isChannelName, ok, type Result } from "@agora/protocol";

/** The channel a word names, with or without `#`. */
export function readName(word: string): Result<string, "unknown-channel"> {
  const name = word.trim().replace(/^#/, "").toLowerCase();
  if (isChannelName(name)) return ok(name);
  return fail(
    "unknown-channel",
    `"${harmlessLine(word, 40)}" can't name a channel: # and 1 to 32 of a-z, 0-9, "-" and "_", beginning with a letter.`,
  );
}
