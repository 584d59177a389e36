// The version of the page, as a relay is told it.

export const VERSION = "0.1.0";
