// Builds the committed bundles: `agora` (the one file of each plugin and of the CLI) and the relay's. Reproducible: the same
// sources give the same bytes. `--check` compares instead of writing; `--out DIR` writes elsewhere.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { builtinModules } from "node:module";
import { build, type Format, type Plugin } from "esbuild";
import { isQuick } from "../packages/cli/src/quick-names.ts";
import { VOCABULARY } from "../packages/commands/src/vocabulary.ts";
import { buildConsole, CONSOLE_DIST } from "./build-console.ts";
import { directImports, lateRows } from "./direct-imports.ts";

const root = join(import.meta.dirname, "..");

/** A bundle: where it begins and where it goes, from the root; `without` names modules that it leaves to the whole one. */
interface Bundle {
  readonly entry: string;
  readonly out: string;
  readonly without?: RegExp;
  readonly format?: Format;
  /** Files beside it that it reads itself. */
  readonly external?: string[];
  /** Of the commands it has these alone. */
  readonly has?: (command: string) => boolean;
  /** Names inside are cut short: nobody reads a stack trace of it, and it is read at every session and turn. */
  readonly shortNames?: boolean;
}

// Each plugin is copied alone by its client: it brings everything itself.
const PLUGINS = ["packages/claude-code", "packages/codex"];

export const BUNDLES: readonly Bundle[] = [
  ...PLUGINS.flatMap((plugin): Bundle[] => [
    { entry: "packages/cli/src/main.ts", out: `${plugin}/dist/agora.mjs` },
    { entry: "packages/cli/src/launch.ts", out: `${plugin}/dist/launch.cjs`, format: "cjs", external: ["./quick.cjs"] },
    {
      entry: "packages/cli/src/quick.ts",
      out: `${plugin}/dist/quick.cjs`,
      format: "cjs",
      without: /\/program\.ts$/,
      has: isQuick,
    },
    { entry: "packages/cli/src/daemon-entry.ts", out: `${plugin}/dist/daemon.cjs`, format: "cjs" },
    { entry: "packages/cli/src/mcp-entry.ts", out: `${plugin}/dist/mcp.cjs`, format: "cjs" },
    { entry: "packages/cli/src/quick-hook.ts", out: `${plugin}/dist/hook.cjs`, format: "cjs", shortNames: true },
  ]),
  { entry: "relay-server/src/main.ts", out: "relay-server/relay.mjs" },
];

// Some dependencies are CommonJS: they call `require` for Node's own modules and ask for their file's name.
const REQUIRE =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url); const __filename = import.meta.filename;";

const BUILTINS = new Set(builtinModules);

/** It asks for TLS and compression at once, which take 20 ms to load, and uses them for some connections alone: later is enough. */
const WS = /[\\/]ws[\\/]lib[\\/][a-z-]+\.js$/;

/**
 * Loads Node's own modules when the code that needs them first runs. Left as imports they would all be loaded at the start
 * (http, https, tls and more, for libraries that a hook never touches): 20 ms at every prompt.
 */
const lazyBuiltins: Plugin = {
  name: "lazy-builtins",
  setup(plugin) {
    plugin.onResolve({ filter: /^(node:)?[a-z0-9_]+(\/[a-z0-9_]+)*$/ }, ({ path, kind }) => {
      const name = path.replace(/^node:/, "");
      return BUILTINS.has(name) && kind === "import-statement" ? { path: name, namespace: "builtin" } : undefined;
    });
    plugin.onLoad({ filter: /.*/, namespace: "builtin" }, ({ path }) => ({
      contents: `module.exports = require("node:${path}")`,
    }));
    plugin.onResolve({ filter: /^(https|tls|zlib)$/ }, ({ path, importer }) =>
      WS.test(importer) ? { path, namespace: "late-builtin" } : undefined,
    );
    plugin.onLoad({ filter: /.*/, namespace: "late-builtin" }, ({ path }) => ({
      contents: `module.exports = new Proxy({}, { get: (_, name) => require("node:${path}")[name] })`,
    }));
  },
};

let page: Promise<Readonly<Record<string, string>>> | undefined;

/** The files of the console's page, built once for all bundles. */
function consoleFiles(): Promise<Readonly<Record<string, string>>> {
  page ??= buildConsole();
  return page;
}

/** Puts the page of the console into the bundle, in place of the module that reads it from its folder. */
function consolePage(read: () => Promise<Readonly<Record<string, string>>>): Plugin {
  return {
    name: "console-page",
    setup(plugin) {
      plugin.onLoad({ filter: /console-page\/src\/page-files\.ts$/ }, async () => ({
        contents: `const FILES = ${JSON.stringify(await read())};\nexport const pageFiles = () => FILES;`,
      }));
    },
  };
}

/** Puts a page into the bundle that was built before, by the folder it lies in. */
export function pageOf(folder: string): Plugin {
  return consolePage(() => Promise.resolve(readFolder(folder)));
}

/** Puts the names of the quick commands into the bundle, in place of the module that reads all rows for them. */
const quickNames: Plugin = {
  name: "quick-names",
  setup(plugin) {
    const names = Object.keys(VOCABULARY).filter(isQuick);
    plugin.onLoad({ filter: /cli\/src\/quick-names\.ts$/ }, () => ({
      contents: `const NAMES = new Set(${JSON.stringify(names)});\nexport const isQuick = (name) => NAMES.has(name);`,
    }));
  },
};

/** Loads the row of a command when that command is carried out. */
function lateCommands(has?: (command: string) => boolean): Plugin {
  return {
    name: "late-commands",
    setup(plugin) {
      plugin.onLoad({ filter: /commands[\\/]src[\\/]commands\.ts$/ }, ({ path }) => ({
        contents: lateRows(readFileSync(path, "utf8"), "COMMANDS", has),
        loader: "ts",
      }));
    },
  };
}

function readFolder(folder: string): Record<string, string> {
  const names = readdirSync(folder).sort();
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), "utf8")]));
}

/** Leaves dynamic imports to the whole executable: they are on ways that the quick one never goes. */
function leaveOut(pattern: RegExp): Plugin {
  return {
    name: "leave-out",
    setup(plugin) {
      plugin.onResolve({ filter: pattern }, ({ kind }) =>
        kind === "dynamic-import" ? { path: "./agora.mjs", external: true } : undefined,
      );
    },
  };
}

/** Builds one bundle in memory; `first` are plugins that come before ours. */
export async function bundle(
  { entry, without, has, format = "esm", external = [], shortNames = false }: Bundle,
  first: readonly Plugin[] = [],
): Promise<Uint8Array> {
  const result = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    write: false,
    platform: "node",
    // jsonc-parser's CommonJS form requires its parts by names that no bundler can follow; its module form does not.
    mainFields: ["module", "main"],
    target: "node20.19",
    format,
    external,
    minifySyntax: true,
    minifyWhitespace: true,
    minifyIdentifiers: shortNames,
    legalComments: "none",
    charset: "ascii",
    logLevel: "error",
    ...(format === "esm" ? { banner: { js: REQUIRE } } : {}),
    plugins: [
      ...first,
      lazyBuiltins,
      consolePage(consoleFiles),
      quickNames,
      lateCommands(has),
      directImports, // after those that put something in a file's place
      ...(without === undefined ? [] : [leaveOut(without)]),
    ],
    loader: { ".md": "text" },
  });
  return result.outputFiles[0]!.contents;
}

async function main(args: readonly string[]): Promise<number> {
  const check = args.includes("--check");
  const out = args.includes("--out") ? args[args.indexOf("--out") + 1]! : root;
  let stale = out === root && (await renewConsole(check)) ? 1 : 0;
  if (out !== root) writePage(join(out, relative(root, CONSOLE_DIST)), await consoleFiles());
  const made = new Map<string, Uint8Array>(); // both plugins bring the same
  for (const b of BUNDLES) {
    const bytes = made.get(b.entry) ?? (await bundle(b));
    made.set(b.entry, bytes);
    const path = join(out, b.out);
    if (check) {
      if (!Buffer.from(bytes).equals(readFileSync(path))) {
        stale += 1;
        console.error(`${b.out} is not what the sources give: run "pnpm build".`);
      }
    } else {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, bytes);
      console.log(`${relative(out, path)}  ${Math.round(bytes.length / 1024)} KiB`);
    }
  }
  return stale === 0 ? 0 : 1;
}

/** Writes the files of the console's page into a folder. */
function writePage(folder: string, files: Readonly<Record<string, string>>): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}

/** Writes the console's page, from which development serves; with `check` only says whether the committed one is stale. */
async function renewConsole(check: boolean): Promise<boolean> {
  const files = await consoleFiles();
  const isStale = JSON.stringify(files) !== JSON.stringify(readFolder(CONSOLE_DIST));
  if (check) {
    if (isStale)
      console.error(`${basename(CONSOLE_DIST)} of the console is not what the sources give: run "pnpm build".`);
    return isStale;
  }
  if (isStale) {
    rmSync(CONSOLE_DIST, { recursive: true, force: true });
    writePage(CONSOLE_DIST, files);
  }
  return false;
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2));
