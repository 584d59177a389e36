// Our parts of the clients' own files: entries, hooks and trust written by `agora install`, rules that let our tools run,
// and the plugins, which only the clients themselves can remove.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Home } from "@agora/user-config";
import {
  carryOut,
  CLIENTS,
  type Client,
  type Installer,
  installedPlugins,
  planRules,
  planUninstall,
  type PlannedRules,
  type World,
  writePlan,
} from "@agora/install";
import { fail, ok } from "@agora/protocol";
import type { Item } from "./item.ts";

const CLI_TIMEOUT_MS = 60_000;

/** One item for each file that contains something of ours. */
export function clientItems(home: Home, world: World): Item[] {
  return CLIENTS.flatMap((client) => namesOf(home, client).flatMap((name) => entryItem({ client, world, home, name })));
}

/** Rules in Claude Code's settings: the person's, and each project's. */
export function ruleItems(world: World, projects: readonly string[]): Item[] {
  return planRules(world, projects).map((plan: PlannedRules): Item => ({
    kind: "rule",
    what: `${plan.rules.length === 1 ? "the rule" : "the rules"} ${plan.rules.join(", ")} in ${plan.path}`,
    take: async () => await Promise.resolve(writePlan(plan)),
  }));
}

/** The plugin in each client that has it; the client's own program removes it. */
export function pluginItems(world: World): Item[] {
  return installedPlugins(world).map(({ title, command }): Item => {
    const typed = command.join(" ");
    return {
      kind: "plugin",
      what: `the plugin in ${title} (${typed})`,
      async take() {
        const [file = "", ...words] = command;
        const ran = spawnSync(file, words, {
          env: world.env,
          encoding: "utf8",
          timeout: CLI_TIMEOUT_MS,
        });
        if (ran.status === 0) return ok(undefined);
        const why =
          ran.error === undefined ? `it ended with ${ran.status ?? ran.signal}` : `${file} is not on the PATH`;
        return fail("failed", `The plugin is still in ${title}, as ${why}: type ${typed}`);
      },
    };
  });
}

/** The names our entry was given: the usual one, and those noted in the home. */
function namesOf(home: Home, client: Client): readonly string[] {
  let notes: readonly string[] = [];
  try {
    notes = readdirSync(join(home.path, "installed"));
  } catch {
    // Nothing was installed from this home.
  }
  const prefix = `${client.name}-`;
  const named = notes.flatMap((note) =>
    note.startsWith(prefix) && note.endsWith(".json") ? [note.slice(prefix.length, -".json".length)] : [],
  );
  return [...new Set(["agora", ...named])];
}

function entryItem(installer: Installer): Item[] {
  const { client, world, name } = installer;
  const text = world.read(client.file(world));
  if (text === undefined) return [];
  const plan = planUninstall(installer);
  if (!plan.ok || plan.value.before === plan.value.after) return [];
  const { path, after } = plan.value;
  return [
    {
      kind: "client",
      what: `the entry ${name} in ${path} (${client.title})${after === undefined ? "; the file goes, it was made for it" : ""}`,
      async take() {
        const now = planUninstall(installer);
        if (!now.ok) return now;
        const done = await carryOut(now.value, installer, false);
        return done.ok ? ok(undefined) : done;
      },
    },
  ];
}
