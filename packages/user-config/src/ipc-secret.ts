// The secret by which this user's local processes recognize each other.
import { join } from "node:path";
import type { Result } from "@agora/protocol";
import { crypto } from "./crypto.ts";
import { checkFolder, ensureHome, type Home, type HomeCode } from "./directory.ts";
import { createOnce, readPrivate } from "./private-file.ts";
import { fail, ok } from "./result.ts";

const SECRET_BYTES = 32;

/** In a sandbox the home is read-only, and a process that only asks the daemon needs no more. */
function readOrMake(home: Home, path: string): Result<string, HomeCode> {
  const there = checkFolder(home.path);
  if (!there.ok) return there;
  const kept = there.value ? readPrivate(path, true) : ok(undefined);
  if (!kept.ok) return kept;
  if (kept.value !== undefined) return ok(kept.value);
  const made = ensureHome(home);
  return made.ok ? createOnce(path, () => `${crypto().randomBytes(SECRET_BYTES).toString("base64url")}\n`) : made;
}

/** 32 bytes, made once for this home. */
export function ipcSecret(home: Home): Result<Uint8Array, HomeCode> {
  const path = join(home.path, "ipc-secret");
  const text = readOrMake(home, path);
  if (!text.ok) return text;
  const secret = Buffer.from(text.value.trim(), "base64url");
  if (secret.length === SECRET_BYTES) return ok(secret);
  return fail("bad-file", `${path} is damaged: remove it, then run "agora stop" and "agora start".`);
}
