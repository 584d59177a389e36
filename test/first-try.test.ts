// What somebody reads whose first start does not come about: what it is, once, and what to do.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Person, Town, until, wholeLines } from "./test-users.ts";

let town: Town;
beforeAll(() => {
  town = new Town();
});
afterAll(() => town[Symbol.asyncDispose]());

const TOKEN = { AGORA_TOKEN: "tok-0123456789abcdef" };
const start = (person: Person, relay: string, env = {}) =>
  person.type(["start", "-n", person.name, "--relay", relay], { ...TOKEN, ...env });

/** The ends of connections that the daemon's log names by number. */
function codesIn(person: Person): readonly (number | undefined)[] {
  const lines = wholeLines(person.read(".agora", "daemon.log")).trimEnd().split("\n");
  const entries = lines.map((line) => JSON.parse(line) as { event: string; code?: number });
  return entries.filter(({ event }) => event === "session").map(({ code }) => code);
}

describe("the first try", () => {
  test("a relay that can't be reached was not lost", async () => {
    const ann = town.person("ann", undefined);
    const { code, err } = await start(ann, "ws://127.0.0.1:1");
    expect(code).toBe(1);
    expect(err).toContain("The relay can't be reached (nothing listens at 127.0.0.1:1: is it running");
    expect(err).not.toMatch(/lost|ECONNREFUSED/);
    await until("the number in the log", () => codesIn(ann).includes(1006));
  });

  test("a proxy in the way is named", async () => {
    const cyd = town.person("cyd", undefined);
    const { err } = await start(cyd, "wss://relay.invalid", { HTTPS_PROXY: "http://127.0.0.1:1" });
    expect(err).toContain("nothing listens at the proxy 127.0.0.1:1");
    expect(err).not.toContain("lost");
  });

  test("what the relay says is said once, and the log has its number", async () => {
    const relay = await town.relay();
    const dan = town.person("dan", relay);
    await dan.start();
    const other = town.person("other", relay, { project: "elsewhere" });
    const taken = await other.type(["start", "-n", "dan", "--relay", relay.url], { AGORA_TOKEN: relay.token });
    expect(taken.err.split("Another connection holds this name")).toHaveLength(2);
    const wrong = town.person("wrong", relay);
    const refused = await start(wrong, relay.url);
    expect(refused.err.split("The token or grant is wrong")).toHaveLength(2);
    await until(
      "both numbers",
      async () => [...codesIn(other), ...codesIn(wrong)].filter((code) => code === 4009 || code === 1008).length >= 2,
    );
  });

  test.runIf(spawnSync("openssl", ["version"]).status === 0)(
    "a certificate that nobody vouches for: the file to put it into is named, is there, and works",
    async () => {
      const [key, cert] = [join(town.folder, "key.pem"), join(town.folder, "cert.pem")];
      const words = `req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost`;
      execFileSync("openssl", [...words.split(" "), "-keyout", key, "-out", cert], { stdio: "ignore" });
      const relay = await town.relay(["--cert", cert, "--key", key]);
      const url = `wss://localhost:${relay.port}`;
      const eve = town.person("eve", undefined);
      const env = { AGORA_TOKEN: relay.token };
      const { err } = await start(eve, url, env);
      const settings = join(eve.home, "settings.json");
      expect(err).toContain(`nobody this machine trusts vouches for its certificate`);
      expect(err).toContain(`"caFile" in ${settings}`);
      expect(existsSync(settings)).toBe(true);
      const filled = readFileSync(settings, "utf8").replace(/\/\/ "caFile": .*/, `"caFile": ${JSON.stringify(cert)},`);
      // As an editor on Windows saves both.
      writeFileSync(settings, `\uFEFF${filled}`);
      writeFileSync(cert, `\uFEFF${readFileSync(cert, "utf8")}`);
      expect(await start(eve, url, env)).toMatchObject({ code: 0, err: "" });
    },
  );
});
