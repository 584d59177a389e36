// A rename that survives a power cut, as far as the system allows.
import { open, rename } from "node:fs/promises";
import { dirname } from "node:path";

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
    // Not every system opens a folder; there the rename is as durable as it gets.
  }
}
