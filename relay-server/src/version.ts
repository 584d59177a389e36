/** The version of this relay, as shown by `welcome`, `/healthz` and the logs; a test keeps it equal to package.json. */
export const RELAY_VERSION = "0.1.0";
