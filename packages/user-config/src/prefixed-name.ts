// Names of members that nobody named: a prefix that the person chose, the folder's name, and some letters that are this folder's alone,
// here and on every other machine. The same folder has the same name each time.
import { basename } from "node:path";
import type { Result } from "@agora/protocol";
import { crypto } from "./crypto.ts";
import type { Home, HomeCode } from "./directory.ts";
import { ipcSecret } from "./ipc-secret.ts";
import { fail } from "./result.ts";

const MAX_NAME_CHARS = 32;
const MAX_PREFIX_CHARS = 16;
/** 25 bits: among a thousand members two alike are a chance in seventy. */
const OWN_CHARS = 5;
const LETTERS = "0123456789abcdefghjkmnpqrstvwxyz";

/** The name of a folder's member under a prefix; the secret of this home makes it another one on another machine. */
export async function prefixedName(
  home: Home,
  prefix: string,
  path: string,
): Promise<Result<string, HomeCode | "invalid-name">> {
  const { checkMemberName, suggestMemberName } = await import("@agora/protocol");
  const begin = prefix.replace(/^@/, "").replace(/[-_]$/, "");
  const good = checkMemberName(`${begin}-0`);
  if (!good.ok || begin === "" || begin.length > MAX_PREFIX_CHARS)
    return fail(
      "invalid-name",
      `"${prefix}" can't begin a member's name: 1 to ${MAX_PREFIX_CHARS} of a-z, 0-9, "-" and "_", beginning with a letter or digit.`,
    );
  const secret = ipcSecret(home);
  if (!secret.ok) return secret;
  const hash = crypto().createHmac("sha256", secret.value).update(path).digest();
  const own = Array.from({ length: OWN_CHARS }, (_, i) => LETTERS[hash[i]! % LETTERS.length]).join("");
  const room = MAX_NAME_CHARS - begin.length - own.length - 2;
  const folder = (suggestMemberName(basename(path)) ?? "").slice(0, Math.max(0, room)).replace(/[-_]+$/, "");
  return checkMemberName([begin, folder, own].filter((part) => part !== "").join("-"));
}
