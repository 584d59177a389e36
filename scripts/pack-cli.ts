// Packs the executable into one npm tarball at the root of the repository: the bundles and what starts them, without any
// dependency, so that `npm install -g FILE` and `npx -y FILE` work where nothing but Node is. `--out DIR` puts it elsewhere.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { bundle, BUNDLES } from "./build.ts";

const ROOT = join(import.meta.dirname, "..");
/** The plugin whose files the package shares. */
const PLUGIN = "packages/claude-code";
/** Not `agora`: that name of the registry is somebody else's. */
const NAME = "@agora/cli";
const TARBALL = /^agora-cli-.*\.tgz$/;

/** Fills `folder` with what goes into the tarball. */
async function stage(folder: string): Promise<void> {
  const { version, license, engines } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
    version: string;
    license: string;
    engines: object;
  };
  const manifest = {
    name: NAME,
    version,
    description: "One room for several people's coding agents and the people themselves.",
    license,
    keywords: ["agents", "chat", "claude-code", "codex", "collaboration", "mcp"],
    engines,
    bin: { agora: "bin/agora" },
    files: ["bin", "dist"],
  };
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(manifest, undefined, 2)}\n`);
  cpSync(join(ROOT, "packages/cli/README.md"), join(folder, "README.md"));
  cpSync(join(ROOT, "LICENSE"), join(folder, "LICENSE"));
  mkdirSync(join(folder, "bin"));
  cpSync(join(ROOT, PLUGIN, "bin/agora"), join(folder, "bin/agora"));
  for (const one of BUNDLES.filter(({ out }) => out.startsWith(`${PLUGIN}/dist/`))) {
    const path = join(folder, "dist", basename(one.out));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, await bundle(one));
  }
}

async function main(args: readonly string[]): Promise<number> {
  const out = args.includes("--out") ? resolve(args[args.indexOf("--out") + 1]!) : ROOT;
  for (const name of readdirSync(out).filter((one) => TARBALL.test(one))) rmSync(join(out, name));
  const folder = mkdtempSync(join(tmpdir(), "agora-pack-"));
  try {
    await stage(folder);
    const words = ["pack", "--ignore-scripts", "--loglevel=error", "--pack-destination", out];
    const packed = spawnSync("npm", words, {
      cwd: folder,
      encoding: "utf8",
      shell: process.platform === "win32",
    });
    if (packed.status !== 0) {
      console.error(packed.stderr || `npm could not be run: ${packed.error?.message ?? "unknown reason"}`);
      return 1;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const [name] = readdirSync(out).filter((one) => TARBALL.test(one));
  if (name === undefined) return 1;
  console.log(join(out, name));
  return 0;
}

process.exitCode = await main(process.argv.slice(2));
