// How a browser is brought to an address that nobody else may see. What a program is started with stands in the list of
// processes, which everybody on a machine can read, and so do the addresses given to a browser. So it is given a file
// that only its user can read, and that leads on. The page behind it asks with its own origin: nothing is loosened there.
import { pathToFileURL } from "node:url";
import { type Home, type HomeCode, ok, replacePrivate, socketPath } from "@agora/home";
import type { Result } from "@agora/protocol";

/** Writes the file that leads to `url`, over the one before, and gives its address; it is of no use once the code was used. */
export async function writeLoginRedirect(home: Home, project: string, url: string): Promise<Result<string, HomeCode>> {
  const path = socketPath(home, project).loginRedirectFile;
  const written = await replacePrivate(path, doorPage(url));
  return written.ok ? ok(pathToFileURL(path).href) : written;
}

/** A page without any script that leads on at once. */
function doorPage(url: string): string {
  const address = url.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
  return `<!doctype html>
<meta charset="utf-8">
<meta name="referrer" content="no-referrer">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'">
<meta http-equiv="refresh" content="0; url=${address}">
<title>Agora</title>
<p><a href="${address}">Open the console</a></p>
`;
}
