// A temporary folder for each file of process tests; at the file's end, however it ended, nothing in it is left, running or lying.
import { chmodSync, mkdtempSync } from "node:fs";
import { join } from "node:path";
import { afterAll } from "vitest";
import { endAllIn } from "./leftovers.ts";

const folder = mkdtempSync(join(process.env["AGORA_RUN_FOLDER"]!, "f-"));
chmodSync(folder, 0o755); // some tests run a program as another user
process.env["TMPDIR"] = folder;
afterAll(() => endAllIn(folder));
