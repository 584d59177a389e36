/** This executable's version: that of the root package.json, as a test checks. */
export const VERSION = "0.1.0";
