// Builds the two committed bundles: `agora` (the plugin's and the CLI's one file) and the relay's. Reproducible: the same
// sources give the same bytes. `--check` compares instead of writing; `--out DIR` writes elsewhere.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { build } from "esbuild";

const root = join(import.meta.dirname, "..");

/** A bundle: where it begins and where it goes, from the root. */
interface Bundle {
  readonly entry: string;
  readonly out: string;
}

export const BUNDLES: readonly Bundle[] = [
  { entry: "packages/cli/src/main.ts", out: "packages/claude-code/dist/agora.mjs" },
  { entry: "relay-server/src/main.ts", out: "relay-server/relay.mjs" },
];

// Some dependencies are CommonJS: they call `require` for Node's own modules and ask for their file's name.
const REQUIRE =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url); const __filename = import.meta.filename;";

/** Builds one bundle in memory. */
export async function bundle({ entry }: Bundle): Promise<Uint8Array> {
  const result = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    write: false,
    platform: "node",
    // jsonc-parser's CommonJS form requires its parts by names that no bundler can follow; its module form does not.
    mainFields: ["module", "main"],
    target: "node20.19",
    format: "esm",
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: "none",
    charset: "utf8",
    logLevel: "error",
    banner: { js: REQUIRE },
    loader: { ".md": "text" },
  });
  return result.outputFiles[0]!.contents;
}

async function main(args: readonly string[]): Promise<number> {
  const check = args.includes("--check");
  const out = args.includes("--out") ? args[args.indexOf("--out") + 1]! : root;
  let stale = 0;
  for (const b of BUNDLES) {
    const bytes = await bundle(b);
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

if (import.meta.main) process.exitCode = await main(process.argv.slice(2));
