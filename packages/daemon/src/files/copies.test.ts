import { mkdtempSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLog } from "@agora/ports";
import { expect, test } from "vitest";
import { createCopies } from "./copies.ts";

test("what is sent again while its copy is removed as served is sent", async () => {
  const place = mkdtempSync(join(tmpdir(), "agora-copies-"));
  try {
    const [dir, path] = [join(place, "sent"), join(place, "a.bin")];
    mkdirSync(dir);
    writeFileSync(path, "the same");
    const owed = new Set<string>();
    const needed = () => ({ owed: new Set(owed), open: new Set<string>() });
    const copies = createCopies({ dir, quotaBytes: () => 1_000_000, needed, log: silentLog });
    for (let n = 0; n < 40; n += 1) {
      // Others that were served: to be removed one after the other, while room is made for what is sent.
      for (let old = 0; old < 60; old += 1) writeFileSync(join(dir, String(old).padStart(64, "0")), "old");
      const sweeping = copies.sweep();
      const made = await copies.prepare(path, 1_000, () => undefined);
      if (!made.ok) throw new Error(made.message);
      const { sha256 } = made.value;
      owed.add(sha256);
      copies.offered(sha256);
      await sweeping;
      expect(readdirSync(dir)).toEqual([sha256]);
      owed.clear(); // served: the next sweep removes it
    }
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
});
