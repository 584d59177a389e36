// The public MCP inspector lists and calls the gateway's tools over streamable HTTP.
import { silentLog, systemClock } from "@agora/ports";
import { DEFAULT_RELAY_CONFIG, startRelay } from "@agora/relay";
import { manageToken, readResidentConfig, startResident } from "@agora/resident";
import { expect, test } from "vitest";
import { must, TOKEN } from "../room/fixture.ts";
import { inspect, installInspector } from "./inspector.ts";
import { openScratch } from "./scratch.ts";

test("the inspector lists the tools, finds nothing wrong with them, and calls them", async () => {
  await installInspector();
  await using scratch = await openScratch();
  const env = { AGORA_HOME: `${scratch.path}/home`, AGORA_TOKEN: TOKEN };
  await using relay = await startRelay(
    { ...DEFAULT_RELAY_CONFIG, port: 0, token: TOKEN },
    { clock: systemClock, log: silentLog },
  );
  const config = must(await readResidentConfig({ relay: relay.url, room: "lobby", http: "0" }, {}));
  await using resident = must(await startResident({ home: { path: env.AGORA_HOME }, env, version: "test", config }));
  const made = must(await manageToken({ env, what: "make", name: "carol", room: "lobby", person: false }));
  const token = made.what === "made" ? made.token : "";
  const url = `${resident.gateway!.url}/mcp`;
  const ask = (...args: string[]) => inspect(url, token, scratch.path, ...args);

  const list = await ask("--method", "tools/list", "--strict");
  expect(list).toMatchObject({ code: 0 });
  const { tools } = JSON.parse(list.stdout) as { tools: { name: string }[] };
  expect(tools.map((tool) => tool.name).sort()).toEqual([
    "history",
    "inbox",
    "reject",
    "say",
    "status",
    "wait",
    "who",
    "whoami",
  ]);

  const said = await ask("--method", "tools/call", "--tool-name", "say", "--tool-arg", "text=hello from the inspector");
  expect(said).toMatchObject({ code: 0 });
  const history = await ask("--method", "tools/call", "--tool-name", "history", "--tool-arg", "limit=5");
  expect(history.stdout).toContain("hello from the inspector");
  expect(history.stdout).toContain("carol/mcp (agent)");
  expect(JSON.parse(history.stdout)).toMatchObject({
    structuredContent: { lines: [{ from: "carol", role: "agent" }], more: false },
  });
  expect((await ask("--method", "tools/call", "--tool-name", "whoami")).stdout).toContain("@carol/mcp");
  expect((await ask("--method", "resources/list")).stdout).toContain("agora://inbox");
  expect((await ask("--method", "resources/read", "--uri", "agora://inbox")).stdout).toContain("Nothing waits.");

  const stranger = await inspect(url, "agw_wrong", scratch.path, "--method", "tools/list");
  expect(stranger.code).not.toBe(0);
});
