// Writes the slash commands of the Claude Code plugin and the skills of the Codex plugin, over all that are there.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { CLAUDE_FOLDER, clientCommandFiles, CODEX_FOLDER } from "./client-command-files.ts";

const ROOT = join(import.meta.dirname, "..");

for (const folder of [CLAUDE_FOLDER, CODEX_FOLDER]) rmSync(join(ROOT, folder), { recursive: true, force: true });
for (const [path, text] of clientCommandFiles()) {
  mkdirSync(dirname(join(ROOT, path)), { recursive: true });
  writeFileSync(join(ROOT, path), text);
}
