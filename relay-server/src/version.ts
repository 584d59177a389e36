/** The version of this relay, as `welcome`, `/healthz` and the logs tell it; a test keeps it equal to package.json. */
export const RELAY_VERSION = "0.1.0";
