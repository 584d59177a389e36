// What SIGHUP means: read the settings' files again, or, when the terminal that the relay was started in is gone, end. A service,
// or what nohup and setsid started, has no terminal to lose.
import { closeSync, openSync } from "node:fs";
import { isatty } from "node:tty";

const TERMINAL = "/dev/tty";
const STANDARD_STREAMS = [0, 1, 2];

/** To be asked at a SIGHUP; call at the start, while the terminal is there. */
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
