// The hub: one process per user over the rooms of all projects on this machine. It serves the web console and counts what waits.
export { runHub } from "./hub.ts";
export { isConsoleExpected } from "./kept-console.ts";
