// The smallest part of the executable: command hooks alone, which a client starts at every session and turn. Bundled as
// CommonJS, which Node starts sooner.
import { realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { workingFolder } from "./working-folder.ts";
import { hook } from "./commands/hook.ts";

const folder = dirname(realpathSync(__filename));

hook({
  argv: ["hook", ...process.argv.slice(process.argv[2] === "hook" ? 3 : 2)],
  env: process.env,
  cwd: workingFolder(process.env),
  // The whole executable beside this file in the bundle: what a daemon is launched with.
  entry: join(folder, "agora.mjs"),
}).then(
  (code) => {
    process.exitCode = code;
  },
  () => {
    process.exitCode = 0; // a hook that fails must not disturb the session; the daemon's log has the rest
  },
);
