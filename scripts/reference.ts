// Writes the reference in docs/reference, over all that is there.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { REFERENCE_FOLDER, referenceFiles } from "./reference-files.ts";

const ROOT = join(import.meta.dirname, "..");

rmSync(join(ROOT, REFERENCE_FOLDER), { recursive: true, force: true });
mkdirSync(join(ROOT, REFERENCE_FOLDER), { recursive: true });
for (const [path, text] of referenceFiles()) writeFileSync(join(ROOT, path), text);
