// What a browser gets of the console: files packed for whoever asked for that, plain for whoever did not, and the way to it.
import { request } from "node:http";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { openRelay } from "./raw-member.ts";

function get(port: number, accepted?: string): Promise<{ encoding: string | undefined; body: Buffer }> {
  return new Promise((resolve, reject) => {
    const headers = accepted === undefined ? {} : { "accept-encoding": accepted };
    request({ host: "127.0.0.1", port, path: "/console/", headers }, (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.on("end", () => resolve({ encoding: response.headers["content-encoding"], body: Buffer.concat(parts) }));
    })
      .on("error", reject)
      .end();
  });
}

test("gzip goes to whom it was accepted by alone", async () => {
  await using relay = await openRelay({ console: true });
  const plain = await get(relay.port);
  expect(plain.encoding).toBeUndefined();
  expect(plain.body.toString("utf8")).toMatch(/^<!doctype html>/i);
  for (const accepted of ["gzip", "br, gzip;q=0.5", "*", "GZIP"]) {
    const packed = await get(relay.port, accepted);
    expect([accepted, packed.encoding]).toEqual([accepted, "gzip"]);
    expect(gunzipSync(packed.body)).toEqual(plain.body);
  }
  for (const refused of ["identity", "gzip;q=0", "*;q=0", "br", "gzip;q=0, *"])
    expect([refused, (await get(relay.port, refused)).encoding]).toEqual([refused, undefined]);
});

test("a browser that opens the relay's address is led to the console, and nobody else", async () => {
  await using relay = await openRelay({ console: true });
  const base = `http://127.0.0.1:${relay.port}/`;
  const led = await fetch(base, { headers: { accept: "text/html,application/xhtml+xml" }, redirect: "manual" });
  expect([led.status, led.headers.get("location")]).toEqual([302, "/console/"]);
  expect((await fetch(base)).status).toBe(426);
});
