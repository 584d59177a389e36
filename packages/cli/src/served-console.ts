// Whether a relay serves the console, which lets people join with just a browser.
import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";

const TIMEOUT_MS = 3_000;
const PATH = "/console/";

/** The console's address, if it answers within three seconds. */
export function servedConsole(relay: string): Promise<string | undefined> {
  const url = new URL(relay.replace(/^ws/, "http"));
  const page = new URL(PATH, url.origin).href;
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
