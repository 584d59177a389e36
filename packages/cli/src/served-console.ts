// Whether a relay serves the console, which lets people join with just a browser.
import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";

const TIMEOUT_MS = 3_000;
const PATH = "/console/";

/** Where a relay's console is, if it serves one. */
export function consoleOf(relay: string): string {
  return new URL(PATH, new URL(relay.replace(/^ws/, "http")).origin).href;
}

/** The console's address, if it answers within three seconds. */
export function servedConsole(relay: string): Promise<string | undefined> {
  const page = consoleOf(relay);
  const url = new URL(page);
  const request = url.protocol === "https:" ? requestHttps : requestHttp;
  return new Promise((resolve) => {
    const asked = request(page, { method: "HEAD", timeout: TIMEOUT_MS }, (response) => {
      response.resume();
      const isPage = response.statusCode === 200 && response.headers["content-type"]?.startsWith("text/html") === true;
      resolve(isPage ? page : undefined);
    });
    const give = setTimeout(() => asked.destroy(), TIMEOUT_MS);
    asked.once("close", () => {
      clearTimeout(give);
      resolve(undefined);
    });
    asked.once("error", () => resolve(undefined));
    asked.end();
  });
}
