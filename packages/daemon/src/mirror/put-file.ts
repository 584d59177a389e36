// Writes a whole file of the mirror: first beside its place, then over it, so that readers see the old one or the new one
// and nothing is ever written through a link.
import { closeSync, constants, fchmodSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { openOwnFile } from "@agora/ports";
import { type FileIdentity, identityOf } from "./identity.ts";

const NEW = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;

/** Puts `content` at `path`, 0600, not synced. Throws when the folder isn't ours or the disk doesn't take it. */
export function putFile(path: string, content: string | Uint8Array): FileIdentity {
  const beside = `${path}.next`;
  rmSync(beside, { recursive: true, force: true });
  const fd = openOwnFile(beside, NEW);
  try {
    fchmodSync(fd, 0o600); // whatever the process's umask is
    writeFileSync(fd, content);
    renameSync(beside, path);
    return identityOf(fd);
  } finally {
    closeSync(fd);
  }
}
