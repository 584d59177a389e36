// Every example in packages/protocol/vectors is what its file says, is made anew with the same bytes, and the examples and
// tables printed in the protocol's pages are those of the code.
import { createVerifier } from "@agora/ports";
import {
  advances,
  audienceOf,
  chainOf,
  chooseVersion,
  compareStamps,
  decodeChunk,
  decodeFromClient,
  decodeFromRelay,
  decodeInvite,
  DEFAULT_LIMITS,
  encode,
  encodeChunk,
  type FromClient,
  type Greeting,
  harmless,
  harmlessLine,
  type Hello,
  helloText,
  isChannelName,
  isMemberName,
  isRoomName,
  isSeatName,
  isStamp,
  leadingAddresses,
  leadingChannel,
  nextStamp,
  openEvent,
  openStatement,
  parseAddress,
  parseRelayAddress,
  proofText,
  type Result,
  suggestMemberName,
  welcomeText,
} from "@agora/protocol";
import { describe, expect, test } from "vitest";
import { vectorFiles } from "../packages/protocol/vectors/generate.ts";
import { filesUnder, textOf } from "./workspace-files.ts";

const FOLDER = "packages/protocol/vectors";
const MAX_FRAME = DEFAULT_LIMITS.frameBytes;
const MAX_CHUNK = 16; // small, so that the vectors of too big chunks are small
const verifier = createVerifier();

// What a JSON file holds is checked by what the test does with it.
type Json = Record<string, never>;

interface ProofVector {
  readonly greeting: Greeting;
  readonly signedText: string;
  readonly sig: string;
  readonly room: string;
  readonly token: string;
  readonly proof: string;
  readonly holds: boolean;
}

interface HelloVector {
  readonly hello: Hello;
  readonly nonce: string;
  readonly signedText: string;
  readonly holds: boolean;
}

const files = filesUnder(FOLDER, (name) => name.endsWith(".json"));
const vectors = files
  .filter((path) => !path.endsWith("/keys.json"))
  .map((path) => ({ path: path.slice(FOLDER.length + 1), vector: JSON.parse(textOf(path)) as Json }));
const of = (check: string): typeof vectors => vectors.filter(({ vector }) => vector["check"] === check);

const FUNCTIONS: Record<string, (input: never) => unknown> = {
  advances: ([a, b]: Parameters<typeof advances>) => advances(a, b),
  audienceOf,
  chooseVersion: ([offered, ours]: [number[], number[]]) => chooseVersion(offered, ours),
  compareStamps: ([a, b]: [string, string]) => Math.sign(compareStamps(a, b)),
  decodeInvite,
  harmless,
  harmlessLine: ([text, max]: [string, number]) => harmlessLine(text, max),
  isChannelName,
  isMemberName,
  isRoomName,
  isSeatName,
  isStamp,
  leadingAddresses,
  leadingChannel,
  nextStamp: ([last, now]: [string, number]) => nextStamp(last, now),
  parseAddress,
  parseRelayAddress: (text: string) => {
    const read = parseRelayAddress(text);
    return read.ok ? read.value : undefined;
  },
  suggestMemberName,
};

test("the vectors are what their generator makes, byte by byte", async () => {
  const made = await vectorFiles();
  expect(files.map((path) => path.slice(FOLDER.length + 1))).toEqual([...made.keys()].sort());
  for (const [path, text] of made) expect({ path, text: textOf(`${FOLDER}/${path}`) }).toEqual({ path, text });
});

test("every frame, kind of event and function of the tables has an example", () => {
  const folders = new Set(vectors.map(({ path }) => path.split("/")[0]));
  const frames = [
    "hello",
    "join",
    "leave",
    "post",
    "deliver",
    "receipts",
    "presence",
    "channels",
    "file",
    "heal",
    "knock",
    "challenge",
    "welcome",
    "joined",
    "refused",
    "stamped",
    "event",
  ];
  const own = [
    "message",
    "file",
    "control",
    "budget",
    "grant",
    "ping",
    "void",
    "channel",
    "reaction",
    "self",
    "key",
    "claim",
    "join-request",
    "admission",
    "unknown",
  ];
  const kinds = own.map((kind) => `event-${kind}`);
  for (const folder of [...frames, ...kinds, "chunk"]) expect(folders).toContain(folder);
  expect(new Set(of("table").map(({ vector }) => vector["function"]))).toEqual(new Set(Object.keys(FUNCTIONS)));
});

/** What a vector says of a result: what was read, or the word it is refused with. */
type Outcome = { readonly read: unknown } | { readonly refused: string };

function outcome<T>(result: Result<T>, view: (value: T) => unknown = (value) => value): Outcome {
  return result.ok ? { read: view(result.value) } : { refused: result.code };
}

function expected(read: unknown, refused: string | undefined): Outcome {
  return refused === undefined ? { read } : { refused };
}

describe("frames", () => {
  test.each(of("frame"))("$path: $vector.about [FRAME-1] [FRAME-2] [FRAME-3] [FRAME-4] [HEAL-2]", ({ vector }) => {
    const { from, frame, text = JSON.stringify(frame), read, refused } = vector;
    const decode = (frameText: string): Outcome =>
      outcome<unknown>(
        from === "client" ? decodeFromClient(frameText, MAX_FRAME) : decodeFromRelay(frameText, MAX_FRAME),
      );
    expect(decode(text)).toEqual(expected(read, refused));
    const again = refused === undefined ? encode(read as unknown as FromClient) : text;
    expect(decode(again)).toEqual(expected(read, refused));
  });
});

describe("what a hello signs", () => {
  test.each(of("hello"))("$path: $vector.about [HELLO-2]", ({ vector }) => {
    const { hello, nonce, signedText, holds } = vector as unknown as HelloVector;
    const text = helloText(hello, nonce);
    expect(verifier.verify(hello.key, text, hello.sig)).toBe(holds);
    expect(verifier.verify(hello.key, signedText, hello.sig) && text === signedText).toBe(holds);
  });
});

describe("what a relay and a token prove", () => {
  test.each(of("proof"))("$path: $vector.about [PROOF-2] [PROOF-4]", ({ vector }) => {
    const { greeting, signedText, sig, room, token, proof, holds } = vector as unknown as ProofVector;
    const text = welcomeText(greeting);
    expect(text === signedText && verifier.verify(greeting.welcome.key!, text, sig)).toBe(holds);
    expect(verifier.hmac(token, proofText(room, greeting)) === proof).toBe(holds);
  });
});

describe("events", () => {
  const ids = "[EVENT-1] [EVENT-2] [EVENT-3] [EVENT-4] [EVENT-5] [EVENT-6] [KEY-1]";
  test.each(of("event"))(`$path: $vector.about ${ids}`, ({ vector }) => {
    const { event, head, refused } = vector;
    expect(outcome(openEvent(event!, verifier), (opened) => opened.head)).toEqual(expected(head, refused));
  });
});

describe("statements about keys", () => {
  test.each(of("statement"))("$path: $vector.about [KEYCHAIN-1] [KEYCHAIN-2] [KEYCHAIN-6]", ({ vector }) => {
    const { jws, claims, refused } = vector;
    expect(outcome(openStatement(jws!, verifier), (opened) => opened.claims)).toEqual(expected(claims, refused));
  });
  test.each(of("chain"))("$path: $vector.about [KEYCHAIN-3] [KEYCHAIN-4] [KEYCHAIN-5]", ({ vector }) => {
    const { statements, key, room, name, chain, refused } = vector;
    expect(outcome(chainOf(statements!, key!, { room: room!, name: name! }, verifier))).toEqual(
      expected(chain, refused),
    );
  });
});

describe("chunks", () => {
  const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
  test.each(of("chunk"))("$path: $vector.about [FILE-3]", ({ vector }) => {
    const { hex: frame, header, bytes, refused } = vector;
    const decoded = decodeChunk(Buffer.from(String(frame), "hex"), MAX_CHUNK);
    const read = outcome(decoded, (chunk) => ({ header: chunk.header, bytes: hex(chunk.bytes) }));
    expect(read).toEqual(expected({ header, bytes }, refused));
    const isWhole = header !== undefined && !("unknown" in vector);
    expect(isWhole ? hex(encodeChunk(header, Buffer.from(String(bytes), "hex"))) : frame).toBe(frame);
  });
});

const SHOWN: Record<string, string> = {
  advances: "[RECEIPT-2]",
  audienceOf: "[SEQ-1]",
  chooseVersion: "[HELLO-3]",
  compareStamps: "[STAMP-1]",
  decodeInvite: "[INVITE-1]",
  harmless: "[SHOW-1]",
  harmlessLine: "[SHOW-1]",
  isChannelName: "[CHANNEL-1]",
  isMemberName: "[NAME-1] [NAME-2]",
  isRoomName: "[NAME-4]",
  isSeatName: "[NAME-3]",
  isStamp: "[STAMP-1]",
  leadingAddresses: "[ADDRESS-1]",
  leadingChannel: "[CHANNEL-1]",
  nextStamp: "[STAMP-2]",
  parseAddress: "[ADDRESS-1]",
  parseRelayAddress: "[ORIGIN-1] [ORIGIN-2]",
};

describe("tables", () => {
  for (const { path, vector } of of("table")) {
    const name = String(vector["function"]);
    test(`${path}: ${String(vector["about"])} ${SHOWN[name] ?? ""}`, () => {
      for (const [input, result] of vector["cases"] as unknown as [never, unknown][]) {
        expect({ input, result: FUNCTIONS[name]!(input) ?? null }).toEqual({ input, result });
      }
    });
  }
});
