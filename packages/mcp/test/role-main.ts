// A process in one of this package's two roles, as the executable would start it: `mcp CLIENT` or `hook EVENT`.
import { fileURLToPath } from "node:url";
import { runHook, runMcp } from "../src/index.ts";

const [role, word = ""] = process.argv.slice(2);
const around = {
  env: process.env,
  cwd: process.cwd(),
  bundle: fileURLToPath(import.meta.url),
  version: "0.0.0-test",
  stdin: process.stdin,
};
if (role === "hook") {
  const code = await runHook(word, {
    ...around,
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    parent: () => process.ppid,
  });
  process.stdout.write("", () => process.exit(code));
} else {
  await runMcp({ ...around, client: word, pid: process.ppid, stdout: process.stdout });
}
