// The web console's built files and how they are served, for the daemon, the relay and anything else that offers them.
export { createPage, type Page } from "./page.ts";
export { pageHeaders } from "./policy.ts";
