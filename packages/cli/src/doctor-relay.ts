// Doctor checks of the connection to the relay, step by step, each timed: name, port, TLS, WebSocket, hello, token.
import { randomBytes } from "node:crypto";
import { lookup } from "node:dns/promises";
import { connect as connectTcp } from "node:net";
import { connect as connectTls } from "node:tls";
import { type RelayTrust, shownKeyRefusal, welcomeRefusal } from "@agora/link";
import { readText } from "@agora/ports/read-text";
import { type Connection, createDial, createSigner, createVerifier, type KeyPair } from "@agora/ports";
import {
  type Challenge,
  closeCode,
  closeWords,
  DEFAULT_LIMITS,
  decodeFromRelay,
  encode,
  type FromRelay,
  type Greeting,
  helloText,
  isGrantToken,
  parseRelayAddress,
  proofText,
  VERSIONS,
} from "@agora/protocol";
import { broken, doubtful, type Finding, good } from "./doctor-finding.ts";

const STEP_TIMEOUT_MS = 5_000;
const MAX_SKEW_MS = 60_000;

/** The identity to ask the relay with. Without a token the check stops short of joining. */
export interface Visitor {
  readonly relay: string;
  readonly room: string;
  readonly name: string;
  readonly keys: KeyPair;
  readonly token?: string;
  /** What is stored about the relay's key. */
  readonly trust: RelayTrust;
  readonly caFile?: string;
}

/** All steps up to the first that fails. */
export async function checkRelay(visitor: Visitor): Promise<Finding[]> {
  const address = parseRelayAddress(visitor.relay);
  if (!address.ok) return [broken("relay", address.message, "agora start --relay wss://…")];
  const url = new URL(address.value.url);
  const tls = url.protocol === "wss:";
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  const port = url.port === "" ? (tls ? 443 : 80) : Number(url.port);
  const ca = visitor.caFile === undefined ? undefined : [readText(visitor.caFile)];
  const findings: Finding[] = [];
  const step = async (check: string, fix: string, work: () => Promise<string>): Promise<boolean> => {
    const began = performance.now();
    try {
      const detail = await within(work());
      findings.push(good(check, `${detail} (${Math.round(performance.now() - began)} ms)`));
      return true;
    } catch (error) {
      findings.push(broken(check, error instanceof Error ? error.message : String(error), fix));
      return false;
    }
  };
  const reached =
    (await step(
      "dns",
      "check the relay's name and this machine's network",
      async () => (await lookup(host)).address,
    )) &&
    (await step("tcp", "is the relay running, and does a firewall stand between?", () =>
      opened(connectTcp({ host, port }), "connect", `${host}:${port}`),
    )) &&
    (!tls ||
      (await step("tls", 'a private authority is named by "caFile" in settings.json', () =>
        opened(
          connectTls({ host, port, servername: host, ...(ca === undefined ? {} : { ca }) }),
          "secureConnect",
          "certificate accepted",
        ),
      )));
  if (reached) findings.push(...(await talk(visitor, address.value.url, address.value.origin, ca)));
  return findings;
}

function opened(socket: ReturnType<typeof connectTcp>, event: string, detail: string): Promise<string> {
  return new Promise((resolve, reject) => {
    socket.once(event, () => {
      socket.destroy();
      resolve(detail);
    });
    socket.once("error", (error) => {
      socket.destroy();
      reject(error);
    });
    socket.setTimeout(STEP_TIMEOUT_MS, () => socket.destroy(new Error("no answer")));
  });
}

async function within<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${STEP_TIMEOUT_MS / 1_000} s`)), STEP_TIMEOUT_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Challenge, hello, and with a token a join. */
async function talk(visitor: Visitor, url: string, origin: string, ca: string[] | undefined): Promise<Finding[]> {
  const findings: Finding[] = [];
  const began = performance.now();
  const since = (): string => `(${Math.round(performance.now() - began)} ms)`;
  const signer = createSigner(visitor.keys);
  const dial = createDial({ maxFrameBytes: DEFAULT_LIMITS.frameBytes, handshakeTimeoutMs: STEP_TIMEOUT_MS, ca });
  const verifier = createVerifier();
  let connection: Connection | undefined;
  let peer: string | undefined;
  let said: (Pick<Greeting, "hello"> & { readonly challenge: Challenge }) | undefined;
  const unproven = (sentence: string, end: () => void): void => {
    findings.push(broken("relay key", sentence, "see the sentence"));
    end();
  };
  const answer = (frame: FromRelay, end: () => void): void => {
    switch (frame.type) {
      case "challenge": {
        findings.push(good("websocket", `open ${since()}`));
        const refusal = shownKeyRefusal(origin, visitor.trust, frame.key);
        if (refusal !== undefined) return unproven(refusal, end);
        const nonce = randomBytes(18).toString("base64url");
        const hello = { origin, name: visitor.name, key: signer.key, v: [...VERSIONS], nonce };
        said = { challenge: frame, hello };
        connection?.send(
          encode({ type: "hello", ...hello, sig: signer.sign(helloText(hello, frame.nonce)), client: "agora doctor" }),
        );
        return;
      }
      case "welcome": {
        if (said === undefined) return;
        const greeting: Greeting = { ...said, welcome: frame };
        const shown = said.challenge.key;
        const isDirect = peer !== undefined && frame.at === peer;
        const heard = { greeting, shown, sig: frame.sig, isDirect };
        const refusal = welcomeRefusal({ origin, verifier }, visitor.trust, heard);
        if (refusal !== undefined) return unproven(refusal, end);
        findings.push(good("hello", `protocol ${frame.v} ${since()}`), skew(frame.time));
        if (shown !== undefined) findings.push(good("relay key", `${shown} proved`));
        const { token, room } = visitor;
        if (token === undefined) return end();
        const isProven = shown !== undefined && !isGrantToken(token);
        const entry = isProven ? { proof: verifier.hmac(token, proofText(room, greeting)) } : { token };
        connection?.send(encode({ type: "join", room, ...entry }));
        return;
      }
      case "joined":
        findings.push(good("token", `accepted for ${frame.room} as ${frame.grant} ${since()}`));
        connection?.send(encode({ type: "leave", room: frame.room }));
        end();
        return;
      case "refused":
        findings.push(broken("token", frame.message, "ask the room's owner for a new invite, then agora start"));
        end();
        return;
      default:
        return;
    }
  };
  try {
    await within(
      new Promise<void>((resolve) => {
        connection = dial(url, {
          opened(where) {
            peer = where;
          },
          text: (text) => {
            const frame = decodeFromRelay(text, DEFAULT_LIMITS.frameBytes);
            if (frame.ok) answer(frame.value, resolve);
          },
          binary: () => undefined,
          alive: () => undefined,
          closed: (code, reason) => {
            const row = closeCode(code);
            if (code !== 1000)
              findings.push(broken(code === 1008 ? "token" : "websocket", closeWords(row, reason), "see the sentence"));
            resolve();
          },
        });
      }),
    );
  } catch (error) {
    findings.push(
      broken("websocket", error instanceof Error ? error.message : String(error), "is this an Agora relay?"),
    );
  }
  connection?.close(1000, "checked");
  return findings;
}

/** What a wrong clock affects here, and what it doesn't. */
function skew(relayTime: number): Finding {
  const ms = Date.now() - relayTime;
  if (Math.abs(ms) <= MAX_SKEW_MS)
    return good(
      "clock",
      `${Math.abs(ms) < 1_000 ? "within a second of" : `${Math.round(ms / 1_000)} s off`} the relay's`,
    );
  const off = `${spanWords(Math.abs(ms))} ${ms > 0 ? "ahead of" : "behind"} the relay's`;
  return doubtful(
    "clock",
    `${off}: others are shown wrong times for what you say; what you ask, answer and decide counts all the same, by the relay's clock`,
    "set this machine's clock; if it is right, the relay's is wrong, by which the room counts how long questions, invites and grants last",
  );
}

function spanWords(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 120) return `${minutes} min`;
  return minutes < 2 * 24 * 60 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / (24 * 60))} days`;
}
