// A process that takes a member's lock, says how that went, and holds it until its input ends.
import { lockWriter } from "@agora/daemon";
import { findHome } from "@agora/user-config";

const [home = "", folder = ""] = process.argv.slice(2);
const lock = await lockWriter(findHome({ AGORA_HOME: home }), { path: folder });
process.stdout.write(`${lock.ok ? "ok" : lock.code}\n`);
process.stdin.resume().once("end", () => process.exit());
