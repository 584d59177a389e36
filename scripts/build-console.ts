// Builds the web console's page: a few files with hashed names, nothing inline. Reproducible, as all that is committed built.
import { readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { build, type Plugin } from "vite";

const folder = join(import.meta.dirname, "../packages/console");

/** Where the built page is committed. */
export const CONSOLE_DIST = join(folder, "dist");

/** Builds the page in memory: its files by name, as texts. */
export async function buildConsole(): Promise<Readonly<Record<string, string>>> {
  // A test runner sets another, and the bundler would build for it.
  const { NODE_ENV } = process.env;
  process.env["NODE_ENV"] = "production";
  try {
    return await buildForProduction();
  } finally {
    if (NODE_ENV === undefined) delete process.env["NODE_ENV"];
    else process.env["NODE_ENV"] = NODE_ENV;
  }
}

/** What runs in a browser imports nothing of Node, by whatever way. */
const noNode: Plugin = {
  name: "no-node",
  enforce: "pre",
  resolveId(source, importer) {
    if (isBuiltin(source)) this.error(`${importer ?? "the page"} imports ${source}: that is not there in a browser.`);
  },
};

async function buildForProduction(): Promise<Readonly<Record<string, string>>> {
  const built = await build({
    mode: "production",
    root: folder,
    configFile: false,
    base: "./",
    logLevel: "warn",
    plugins: [noNode],
    build: {
      write: false,
      target: ["chrome123", "firefox120", "safari17.5"],
      assetsDir: ".",
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      copyPublicDir: false,
      rolldownOptions: {
        // One page for our own daemon, one for a member in a browser; what both need stands in files of its own.
        input: ["index.html", "member.html"].map((name) => join(folder, name)),
        output: { comments: false },
      },
    },
  });
  const output = (Array.isArray(built) ? built[0]! : built) as {
    readonly output: readonly ({ readonly fileName: string } & (
      | { readonly type: "chunk"; readonly code: string }
      | { readonly type: "asset"; readonly source: string | Uint8Array }
    ))[];
  };
  const files: Record<string, string> = {};
  for (const file of output.output)
    files[file.fileName] = file.type === "chunk" ? file.code : Buffer.from(file.source).toString("utf8");
  for (const name of ["icon.svg", "manifest.webmanifest"])
    files[name] = readFileSync(join(folder, "public", name), "utf8");
  return Object.fromEntries(Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1)));
}
