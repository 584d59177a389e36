// Serves one member's web console on this machine's loopback, and lets its page make requests of the daemon.
export { type ConsoleHost, type ConsoleServer, openConsole } from "./console.ts";
export { type Kept } from "./admission.ts";
