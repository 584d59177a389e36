// The smallest part of the executable: only the command hooks, which a client starts at every session and turn. Bundled as
// CommonJS, which Node starts faster.
import { realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { workingFolder } from "./working-folder.ts";
import { hook } from "./commands/hook.ts";

const folder = dirname(realpathSync(__filename));

hook({
  argv: ["hook", ...process.argv.slice(process.argv[2] === "hook" ? 3 : 2)],
  env: process.env,
  cwd: workingFolder(process.env),
  // The full executable beside this file in the bundle: daemons are launched with it.
  entry: join(folder, "agora.mjs"),
}).then(
  (code) => {
    process.exitCode = code;
  },
  () => {
    process.exitCode = 0; // a failing hook must not disturb the session; see the daemon's log
  },
);
