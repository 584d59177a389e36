// Serves a person's web console on this machine's loopback, and lets its pages make requests of the daemons.
export { type ConsoleHost, type ConsoleRoom, type ConsoleServer, openConsole } from "./console.ts";
export { type Kept } from "./admission.ts";
export type { Download } from "./downloads.ts";
