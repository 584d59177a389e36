// The waiter: sleeps beside the session until HOME/wake appears, then ends in the way that wakes the client.
// One per session by HOME/waiter.pid; in a -p run it would block the end, so it leaves at once.
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { record } from "./record.mjs";

const lock = join(homedir(), "waiter.pid");
const wake = join(homedir(), "wake");
const parent = process.ppid;
if (process.env.CLAUDE_CODE_ENTRYPOINT === "sdk-cli" || isHeld()) process.exit(0);
writeFileSync(lock, String(process.pid));
record("waiter armed", {});

setInterval(() => {
  if (process.ppid !== parent) process.exit(0);
  if (!existsSync(wake)) return;
  const sentence = readFileSync(wake, "utf8");
  rmSync(wake);
  rmSync(lock);
  process.stderr.write(sentence, () => process.exit(2));
}, 50);

function isHeld() {
  try {
    process.kill(Number(readFileSync(lock, "utf8")), 0);
    return true;
  } catch {
    return false;
  }
}
