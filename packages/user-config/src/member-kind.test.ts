// What a member is, and who answers for it: the person's words alone.
import { writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { entryFor, scratchHome, scratchProject } from "../test/scratch.ts";
import { ensureHome, type Home } from "./directory.ts";
import { resolveSettings, type SettingsSources } from "./settings.ts";
import { settingsPath } from "./settings-file.ts";

const ORIGIN = "wss://relay.example.org";

function homeWith(settings: string): Home {
  const home = scratchHome();
  ensureHome(home);
  writeFileSync(settingsPath(home), settings, { mode: 0o600 });
  return home;
}

async function resolve(change: Partial<SettingsSources> & { home: Home }): Promise<Record<string, unknown>> {
  const settings = await resolveSettings({ path: scratchProject("shop"), env: {}, trustEnv: true, ...change });
  return settings.ok ? { ...settings.value } : { ...settings };
}

describe("what a member is, and whose", () => {
  const AGENT = { AGORA_KIND: "agent", AGORA_OWNER: "mallory", AGORA_NAME_PREFIX: "evil" };

  it("is said by the person's own terminal, by settings.json and by what a start recorded", async () => {
    const home = homeWith(`{"relayUrl": "${ORIGIN}", "token": "t", "kind": "agent", "owner": "@alice"}`);
    expect(await resolve({ home })).toMatchObject({ kind: "agent", owner: "alice", name: "shop" });
    expect(await resolve({ home, env: { ...AGENT, AGORA_OWNER: "bob" } })).toMatchObject({
      owner: "bob",
      name: expect.stringMatching(/^evil-shop-[0-9a-z]{5}$/) as string,
    });
    const project = { ...entryFor("/x"), at: 1, owner: "carol" };
    expect(await resolve({ home, project })).toMatchObject({ kind: "agent", owner: "carol" });
  });

  it("a session's environment says neither what a member is nor whose", async () => {
    const home = homeWith(`{"relayUrl": "${ORIGIN}", "token": "t"}`);
    const settings = await resolve({ home, env: AGENT, trustEnv: false });
    expect(settings).toMatchObject({ name: "shop" });
    expect(settings).not.toHaveProperty("kind");
    expect(settings).not.toHaveProperty("owner");
  });
});
