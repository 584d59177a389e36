// A relay with a certificate that no authority vouches for: refused until the user names it, then joined over wss.
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { AnswerData } from "@agora/commands";
import { expect, test } from "vitest";
import { Town, until } from "./people.ts";

function certificate(folder: string): { readonly cert: string; readonly key: string } {
  const [cert, key] = [join(folder, "relay.crt"), join(folder, "relay.key")];
  const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"];
  const subject = ["-subj", "/CN=relay", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"];
  execFileSync("openssl", ["req", "-x509", ...kind, "-keyout", key, "-out", cert, ...subject], { stdio: "ignore" });
  return { cert, key };
}

test("a self-signed relay is joined by who names its certificate as caFile, and by nobody else", async () => {
  await using town = new Town();
  const { cert, key } = certificate(town.folder);
  const relay = await town.relay(["--cert", cert, "--key", key]);
  expect(relay.url).toMatch(/^wss:/);

  const bob = town.person("bob", relay);
  const refused = await bob.start();
  expect(refused).toMatchObject({ code: 1, out: "" });
  expect(refused.err).toMatch(/certificate.*caFile/);
  expect(refused.err.trimEnd().split("\n")).toHaveLength(1);

  const alice = town.person("alice", relay);
  mkdirSync(alice.home, { mode: 0o700 });
  writeFileSync(join(alice.home, "settings.json"), JSON.stringify({ caFile: cert }), { mode: 0o600 });
  const joined = await alice.start();
  expect(joined.err).toBe("");
  expect(joined.out).toMatch(/^joined as alice /);
  const said = await alice.ask<AnswerData["say"]>(["say", "over wss"]);
  await until("the stamp", async () =>
    (await alice.ask<AnswerData["status"]>(["status", said.id])).events.find(({ state }) => state !== "queued"),
  );
}, 60_000);
