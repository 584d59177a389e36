import { expect, it } from "vitest";
import { scratchHome } from "../test/scratch.ts";
import { ignoredNetworkNote, recordNetwork } from "./network-record.ts";

const ORIGIN = "wss://relay.example.org";

it("names what of an environment is not used, by name alone, and only where it differs from what was recorded", async () => {
  const home = scratchHome();
  const evil = { HTTPS_PROXY: "http://me:sekret@other:3128", NO_PROXY: "x", PATH: "/bin" };
  expect(ignoredNetworkNote(home, ORIGIN, evil)).toBeUndefined(); // nothing was recorded: nothing is kept from anybody
  await recordNetwork(home, ORIGIN, { HTTPS_PROXY: "http://proxy:3128" });
  expect(ignoredNetworkNote(home, ORIGIN, { HTTPS_PROXY: "http://proxy:3128" })).toBeUndefined();
  expect(ignoredNetworkNote(home, ORIGIN, {})).toBeUndefined();
  const note = ignoredNetworkNote(home, ORIGIN, evil);
  expect(note).toMatch(/^HTTPS_PROXY, NO_PROXY of this environment are not used for wss:\/\/relay\.example\.org, but/);
  expect(note).not.toContain("sekret");
  expect(ignoredNetworkNote(home, "ws://127.0.0.1:1", evil)).toBeUndefined();
});
