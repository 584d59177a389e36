// What SIGHUP means: reload the settings' files, or, if the terminal the relay was started in is gone, stop. A service, or a
// process started by nohup or setsid, has no terminal to lose.
import { closeSync, openSync } from "node:fs";
import { isatty } from "node:tty";

const TERMINAL = "/dev/tty";
const STANDARD_STREAMS = [0, 1, 2];

/** Returns a function to call at SIGHUP; create it at startup, while the terminal exists. */
export function watchTerminal(): () => "reload" | "end" {
  if (process.platform === "win32") return () => "end"; // there it means that the window was closed
  const isByHand = STANDARD_STREAMS.some((stream) => isatty(stream)) && hasTerminal();
  return () => (isByHand && !hasTerminal() ? "end" : "reload");
}

function hasTerminal(): boolean {
  try {
    closeSync(openSync(TERMINAL, "r+"));
    return true;
  } catch {
    return false;
  }
}
