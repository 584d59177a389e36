// Opens a secret address in a browser. Everybody on a machine can read the list of processes with their arguments, and with
// them the addresses given to a browser. So the browser gets a file that only its user can read, which redirects. The page
// behind it makes requests with its own origin: no check is loosened there.
import { pathToFileURL } from "node:url";
import { type Home, type HomeCode, ok, replacePrivate, socketPath } from "@agora/user-config";
import type { Result } from "@agora/protocol";

/**
 * Writes the redirect file to `url`, replacing the one before, and returns its address; it is useless once the code was
 * used.
 */
export async function writeLoginRedirect(home: Home, project: string, url: string): Promise<Result<string, HomeCode>> {
  const path = socketPath(home, project).loginRedirectFile;
  const written = await replacePrivate(path, doorPage(url));
  return written.ok ? ok(pathToFileURL(path).href) : written;
}

/** A page without scripts that redirects immediately. */
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
