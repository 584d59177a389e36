// A resident as a process of its own, which a test may kill: `resident-main.ts --flag=value …`.
import { fileURLToPath } from "node:url";
import { runResident } from "../src/index.ts";

const flags = Object.fromEntries(
  process.argv.slice(2).map((word) => {
    const [, flag = "", value = ""] = /^--([a-z-]+)=(.*)$/.exec(word) ?? [];
    return [flag, value];
  }),
);
process.exitCode = await runResident({
  flags,
  env: process.env,
  version: process.env["AGORA_TEST_VERSION"] ?? "test",
  entry: fileURLToPath(import.meta.url),
  json: true,
  out: (line) => void process.stdout.write(`${line}\n`),
  err: (line) => void process.stderr.write(`${line}\n`),
});
