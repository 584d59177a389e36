// Why a relay wasn't reached, instead of the system's words.
import { certificateSentence } from "./certificate-sentence.ts";

/** The sentence for an error when dialling `url`; `proxy` is the one it went through. */
export function dialSentence(error: Error, url: string, proxy: string | undefined): string {
  const certificate = certificateSentence(error);
  if (certificate !== undefined) return certificate;
  const { host, hostname } = new URL(proxy === undefined ? url : `http://${proxy}`);
  const at = proxy === undefined ? host : `the proxy ${host}`;
  switch ("code" in error ? error.code : undefined) {
    case "ECONNREFUSED":
      return `nothing listens at ${at}: is it running, and is that its address?`;
    case "ENOTFOUND":
      return `there is no machine named ${hostname}${proxy === undefined ? "" : ", which HTTPS_PROXY names"}: check its address`;
    case "EAI_AGAIN":
      return `the name ${hostname} can't be looked up: is this machine online?`;
    case "ETIMEDOUT":
    case "EHOSTUNREACH":
    case "ENETUNREACH":
      return `no way leads to ${at}: is this machine online, and does a firewall stand between?`;
    case "ECONNRESET":
      return `${at} hung up: is it a relay, and does it want wss?`;
    default:
      return proxy === undefined ? error.message : `through the proxy ${proxy}: ${error.message}`;
  }
}
