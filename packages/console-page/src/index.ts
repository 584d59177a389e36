// The web console's built files and how they are served: the same for the own daemon, the relay and whoever else lends them.
export { createPage, type Page } from "./page.ts";
export { pageHeaders } from "./policy.ts";
