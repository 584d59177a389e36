import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { loadEnvFile } from "./env-file.ts";

test("the first line counts with a byte order mark too; the environment stands above the file", () => {
  const folder = mkdtempSync(join(tmpdir(), "agora-env-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, ".env");
  writeFileSync(path, '\uFEFFAGORA_TOKEN=tok\r\n# a comment\r\nPORT="0"\r\nAGORA_HOST=1.2.3.4\r\n');
  const env: NodeJS.ProcessEnv = { AGORA_HOST: "127.0.0.1" };
  loadEnvFile(path, env);
  expect(env).toEqual({ AGORA_TOKEN: "tok", PORT: "0", AGORA_HOST: "127.0.0.1" });
});
