// An invite's end is the relay's to check: it is counted by the relay's clock, also by an owner whose own is a day off.
import { createServer } from "node:http";
import { expect, test } from "vitest";
import { ownPort } from "../../../test/own-port.ts";
import { relayClock } from "../src/relay-clock.ts";

test("a relay's clock is asked for, and one that is not there is not waited for", async () => {
  const server = createServer((request, response) => {
    response.setHeader("date", new Date(Date.UTC(2030, 0, 1)).toUTCString());
    response.statusCode = request.url === "/healthz" ? 200 : 404;
    response.end();
  });
  const port = await ownPort();
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  expect(await relayClock(`ws://127.0.0.1:${port}/ws`)).toBe(Date.UTC(2030, 0, 1));
  await new Promise((resolve) => server.close(resolve));
  expect(await relayClock(`ws://127.0.0.1:${port}/ws`)).toBeUndefined();
});
