// This very program as another version: bundled anew with its version changed, into a folder of its own. For tests of what
// happens when two versions meet.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Plugin } from "esbuild";
import { bundle, BUNDLES, pageOf } from "../scripts/build.ts";
import { BUILT, copyBundles } from "./program.ts";

/** What the sources say. */
const VERSION = "0.1.0";
const PLUGIN = "packages/claude-code";
/** The console's page, which is the same in each version here. */
const PAGE = join(BUILT, "packages/console/dist");

/** What is different in a version, as texts in source files. */
export interface Difference {
  readonly version: string;
  /** By the end of a file's path: a text in it, and what stands there instead. */
  readonly more?: readonly { readonly file: string; readonly text: string; readonly instead: string }[];
}

/** Writes the bundles of the plugin into `folder`/dist; the path of the executable. */
export async function buildVersion(folder: string, difference: Difference): Promise<string> {
  if (difference.version === VERSION && difference.more === undefined) {
    copyBundles(join(BUILT, PLUGIN, "dist"), join(folder, "dist"));
    return join(folder, "dist", "agora.mjs");
  }
  for (const one of BUNDLES.filter(({ out }) => out.startsWith(`${PLUGIN}/`))) {
    const path = join(folder, one.out.slice(PLUGIN.length + 1));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, await bundle(one, [changed(difference), pageOf(PAGE)]));
  }
  return join(folder, "dist", "agora.mjs");
}

function changed({ version, more = [] }: Difference): Plugin {
  const changes = [
    {
      file: "cli/src/version.ts",
      text: `VERSION = ${JSON.stringify(VERSION)}`,
      instead: `VERSION = ${JSON.stringify(version)}`,
    },
    ...more,
  ];
  return {
    name: "another-version",
    setup(plugin) {
      for (const { file, text, instead } of changes) {
        const filter = new RegExp(`/${file.replaceAll(".", String.raw`\.`)}$`);
        plugin.onLoad({ filter }, ({ path }) => {
          const source = readFileSync(path, "utf8");
          if (!source.includes(text)) throw new Error(`${file} does not say ${text}`);
          return { contents: source.replace(text, instead), loader: "ts" };
        });
      }
    },
  };
}
