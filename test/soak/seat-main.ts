// A seat as a process of its own, as clients start them: attaches to its project's daemon, has one turn after the other,
// and goes on when the daemon was away. Ended with kill -9 like everything else.
import { setTimeout as sleep } from "node:timers/promises";
import { findHome } from "@agora/user-config";
import { findDaemon } from "@agora/ipc";

const [project = "", session = "", version = ""] = process.argv.slice(2);
const home = findHome({ AGORA_HOME: process.env["AGORA_HOME"] });
const BETWEEN_TURNS_MS = 400;

/** Turns until the daemon is gone. */
async function turns(): Promise<void> {
  const found = await findDaemon({ home, project, version });
  if (!found.ok) return;
  await using daemon = found.value;
  const attached = await daemon.request("attach", { client: "claude", session, pid: process.pid });
  while (attached.ok) {
    if (!(await daemon.request("prompt", { typed: true })).ok) return;
    await sleep(BETWEEN_TURNS_MS / 2);
    if (!(await daemon.request("sign", { deliver: true })).ok) return;
    await daemon.request("turnEnd", {});
    await sleep(BETWEEN_TURNS_MS);
  }
}

process.once("disconnect", () => process.exit(0)); // the run that started us is over
for (;;) {
  await turns();
  await sleep(BETWEEN_TURNS_MS);
}
