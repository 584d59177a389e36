// The secret by which local processes of this user know each other.
import { join } from "node:path";
import type { Result } from "@agora/protocol";
import { crypto } from "./crypto.ts";
import { ensureHome, type Home, type HomeCode } from "./directory.ts";
import { createOnce } from "./private-file.ts";
import { fail, ok } from "./result.ts";

const SECRET_BYTES = 32;

/** 32 bytes, made once for this home. */
export function ipcSecret(home: Home): Result<Uint8Array, HomeCode> {
  const made = ensureHome(home);
  if (!made.ok) return made;
  const path = join(home.path, "ipc-secret");
  const text = createOnce(path, () => `${crypto().randomBytes(SECRET_BYTES).toString("base64url")}\n`);
  if (!text.ok) return text;
  const secret = Buffer.from(text.value.trim(), "base64url");
  if (secret.length === SECRET_BYTES) return ok(secret);
  return fail("bad-file", `${path} is damaged: remove it, then run "agora stop" and "agora start".`);
}
