// Serves the web console of one member on this machine's loopback, and lets its page ask the daemon.
export { type ConsoleHost, type ConsoleServer, openConsole } from "./console.ts";
export { type Kept } from "./admission.ts";
