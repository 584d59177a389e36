// The one detached process per project.
export { type Daemon, runDaemon, startDaemon } from "./daemon.ts";
