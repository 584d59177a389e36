import { expect, test } from "vitest";
import { givenFlags, readResidentConfig } from "./config.ts";

const read = (flags: Record<string, string>, env: Record<string, string> = {}) => readResidentConfig(flags, env);

test("defaults keep to this machine", () => {
  expect(read({})).toMatchObject({ ok: true, value: { name: "resident", rooms: [], gateway: undefined } });
  expect(read({ http: "8765" })).toMatchObject({
    value: { gateway: { host: "127.0.0.1", port: 8765, allowedOrigins: [], maxMembers: 25 } },
  });
});

test("a flag wins over its environment twin, an empty value is none", () => {
  const env = { AGORA_RESIDENT_NAME: "porter", AGORA_ROOM: "a,b, a", AGORA_RESIDENT_HTTP: "" };
  expect(read({ name: "keeper" }, env)).toMatchObject({
    value: { name: "keeper", rooms: ["a", "b"], gateway: undefined },
  });
  expect(read({ name: "" }, env)).toMatchObject({ value: { name: "porter" } });
});

test.each([
  ["8765", "127.0.0.1", 8765],
  ["localhost:1", "localhost", 1],
  ["[::1]:65535", "::1", 65_535],
  ["0", "127.0.0.1", 0],
])("--http %s", (http, host, port) => {
  expect(read({ http })).toMatchObject({ ok: true, value: { gateway: { host, port } } });
});

test.each([
  [{ http: "nonsense" }, "--http is a port"],
  [{ http: "70000" }, "--http is a port"],
  [{ http: "::1:80" }, "--http is a port"],
  [{ http: "0.0.0.0:80" }, "could read the tokens"],
  [{ http: "1", cert: "x" }, "belong together"],
  [{ http: "1", publicUrl: "http://gw.example.org" }, "--public-url"],
  [{ http: "1", publicUrl: "https://gw.example.org/path" }, "--public-url"],
  [{ http: "1", allowedOrigins: "*" }, "allowed origin"],
  [{ http: "1", idle: "soon" }, "--idle"],
  [{ http: "1", keep: "1" }, "--keep"],
  [{ http: "1", maxMembers: "0" }, "--max-members"],
  [{ name: "Operator!" }, "A name is"],
  [{ name: "operator" }, "reserved"],
  [{ room: "ok,../etc" }, "not a name for a room"],
])("%j is explained", (flags, words) => {
  const config = read(flags);
  expect(config).toMatchObject({ ok: false, code: "usage" });
  expect(config.ok ? "" : config.message).toContain(words);
});

test("off this machine it wants TLS, its own or a proxy's", () => {
  expect(read({ http: "0.0.0.0:80", publicUrl: "https://gw.example.org" })).toMatchObject({ ok: true });
  expect(read({ http: "0.0.0.0:80", cert: "c", key: "k" })).toMatchObject({ ok: true });
});

test("what was given can be written down for a service", () => {
  const given = givenFlags({ http: "8765", detach: true }, { AGORA_ROOM: "lobby", AGORA_TOKEN: "secret" });
  expect(given).toEqual([
    ["room", "lobby"],
    ["http", "8765"],
  ]);
});
