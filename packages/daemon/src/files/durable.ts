// Renames that survive a power cut, as far as the system allows.
import { randomBytes } from "node:crypto";
import { constants, copyFile, open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Like `renameDurably`, for a file that may have to go to another disk: it is copied there first. */
export async function moveDurably(from: string, to: string): Promise<void> {
  try {
    return await renameDurably(from, to);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EXDEV")) throw error;
  }
  const beside = join(dirname(to), `.part-${randomBytes(8).toString("hex")}`); // a name nobody can have put there
  try {
    await copyFile(from, beside, constants.COPYFILE_EXCL);
    const copy = await open(beside, "r+");
    try {
      await copy.chmod(0o600);
      await copy.sync();
    } finally {
      await copy.close();
    }
    await renameDurably(beside, to);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
  await rm(from, { force: true });
}

/** Renames, and syncs the folder. The file itself was synced before. */
export async function renameDurably(from: string, to: string): Promise<void> {
  await rename(from, to);
  try {
    const folder = await open(dirname(to), "r");
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  } catch {
    // Not every system can open a folder; there the rename is as durable as it gets.
  }
}
