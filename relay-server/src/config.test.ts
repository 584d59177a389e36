// Every setting by flag and by environment, and one sentence for each mistake.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { DEFAULT_RELAY_CONFIG, readRelayConfig } from "./config.ts";
import { RELAY_OPTIONS } from "./options.ts";
import { RELAY_VERSION } from "./version.ts";

const KEY = "A".repeat(43);

test("without any setting it listens on this machine", () => {
  expect(readRelayConfig({}, {})).toEqual({ ok: true, value: DEFAULT_RELAY_CONFIG });
});

test("flags win over the environment, in either spelling; an empty value counts as none", () => {
  const env = { PORT: "9000", AGORA_MAX_MEMBERS: "7", AGORA_TOKEN: " ", AGORA_MAX_FRAME: "" };
  const read = readRelayConfig({ "max-members": "8", maxRooms: "9", token: "", port: undefined }, env);
  if (!read.ok) throw new Error(read.message);
  const { port, token, maxRooms, limits } = read.value;
  expect([port, token, maxRooms, limits.members, limits.frameBytes]).toEqual([9000, undefined, 9, 8, 10 * 1024 * 1024]);
});

test("everything can be set", () => {
  const read = readRelayConfig(
    { json: true },
    {
      HOST: "[::1]",
      PORT: "0",
      AGORA_TOKEN: "t",
      AGORA_OPERATOR_TOKEN: "o",
      AGORA_OBSERVER_TOKEN: "v",
      AGORA_TLS_CERT: "c.pem",
      AGORA_TLS_KEY: "k.pem",
      AGORA_MAX_ROOMS: "5",
      AGORA_MAX_FRAME: "1M",
      AGORA_MAX_TEXT: "64KiB",
      AGORA_MAX_FILE: "1g",
      AGORA_HISTORY: "0",
      AGORA_RATE_AGENT: "5,0.5",
      AGORA_RATE_USER: "off",
      AGORA_ROOM_KEYS: `lobby=${KEY}, team.two=${KEY}`,
      AGORA_REVOKED_FILE: "r",
      AGORA_PUBLIC_URL: "https://relay.example.org/ws",
      AGORA_METRICS: "on",
      AGORA_ALLOWED_ORIGINS: "https://a.example.org/x,http://localhost:3000",
      AGORA_GRANTS_ONLY: "on",
      AGORA_LOG_LEVEL: "silent",
    },
  );
  expect(read).toMatchObject({
    ok: true,
    value: {
      host: "::1",
      port: 0,
      token: "t",
      operatorToken: "o",
      observerToken: "v",
      tls: { certFile: "c.pem", keyFile: "k.pem" },
      maxRooms: 5,
      grantsOnly: true,
      json: true,
      limits: {
        frameBytes: 1024 ** 2,
        textBytes: 65_536,
        fileBytes: 1024 ** 3,
        history: 0,
        rate: { agent: { burst: 5, perSecond: 0.5 }, user: { burst: 0 } },
      },
      rooms: new Map([
        ["lobby", KEY],
        ["team.two", KEY],
      ]),
      revokedFile: "r",
      publicUrl: "wss://relay.example.org",
      metrics: "on",
      logLevel: "silent",
      allowedOrigins: ["https://a.example.org", "http://localhost:3000"],
    },
  });
});

test.each([
  [{ PORT: "http" }, "usage", /PORT is a port/],
  [{ PORT: "65536" }, "usage", /65535/],
  [{ AGORA_MAX_MEMBERS: "0" }, "usage", /from 1 on/],
  [{ AGORA_MAX_MEMBERS: "many" }, "usage", /AGORA_MAX_MEMBERS/],
  [{ AGORA_HISTORY: "-1" }, "usage", /AGORA_HISTORY is a whole number from 0 on/],
  [{ AGORA_MAX_FRAME: "10 apples" }, "usage", /10M/],
  [{ AGORA_MAX_FRAME: "1K" }, "usage", /128K/],
  [{ AGORA_MAX_FRAME: "1M", AGORA_MAX_TEXT: "2M" }, "usage", /--max-text/],
  [{ AGORA_RATE_AGENT: "fast" }, "usage", /10,2/],
  [{ AGORA_RATE_AGENT: "10,0" }, "usage", /10,2/],
  [{ AGORA_ROOM_KEYS: "lobby" }, "usage", /room=key/],
  [{ AGORA_ROOM_KEYS: `../x=${KEY}` }, "usage", /room=key/],
  [{ AGORA_PUBLIC_URL: "relay" }, "usage", /wss:/],
  [{ AGORA_PUBLIC_URL: "ftp://relay" }, "usage", /wss:/],
  [{ AGORA_ALLOWED_ORIGINS: "*" }, "usage", /https:/],
  [{ AGORA_METRICS: "yes" }, "usage", /on, off, local/],
  [{ AGORA_TLS_CERT: "c.pem" }, "usage", /both/],
  [{ AGORA_TOKEN: "two words" }, "usage", /one word/],
  [{ HOST: "0.0.0.0" }, "refused", /Without a token .* 0\.0\.0\.0: set AGORA_TOKEN/],
  [{ HOST: "relay.lan" }, "refused", /AGORA_TOKEN/],
  [{ AGORA_GRANTS_ONLY: "on" }, "refused", /AGORA_ROOM_KEYS/],
] as const)("%o is explained", (env, code, sentence) => {
  const read = readRelayConfig({}, env);
  expect(read).toMatchObject({ ok: false, code, message: expect.stringMatching(sentence) });
  expect(read.ok ? "" : read.message).not.toContain("\n");
});

test("off this machine a token or the rooms' root keys are enough", () => {
  expect(readRelayConfig({ host: "0.0.0.0", token: "t" }, {}).ok).toBe(true);
  expect(readRelayConfig({ host: "0.0.0.0", "room-keys": `lobby=${KEY}` }, {}).ok).toBe(true);
});

test("every setting with an environment twin is in .env.example, and nothing else", () => {
  const example = readFileSync(new URL("../.env.example", import.meta.url), "utf8");
  const shown = [...example.matchAll(/^#? ?([A-Z_]+)=/gm)].map((match) => match[1]);
  const twins = RELAY_OPTIONS.flatMap((o) => ("env" in o ? [o.env] : []));
  // A secret that no flag names, where others could read it.
  expect(new Set(shown)).toEqual(new Set([...twins, "AGORA_RELAY_KEY"]));
});

test("the version is that of the package", () => {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
    version: string;
  };
  expect(RELAY_VERSION).toBe(version);
});
