// The layers: what each package may import, compared with what its package.json declares and what its code imports. An arrow
// points down only, so there is no cycle. Tests may reach further and are left out.
import { builtinModules } from "node:module";
import { dirname, join, normalize } from "node:path";
import { describe, expect, test } from "vitest";
import { filesUnder, packageFolders, textOf } from "./workspace-files.ts";

interface Layer {
  /** Packages of the workspace it may import; each stands above in this table. */
  readonly workspace: readonly string[];
  /** Libraries it may import. */
  readonly libraries: readonly string[];
  /** Runs in a browser as well: imports nothing of Node. */
  readonly isomorphic?: true;
}

const LAYERS: Readonly<Record<string, Layer>> = {
  "packages/protocol": { workspace: [], libraries: ["zod"], isomorphic: true },
  "packages/ports": { workspace: [], libraries: ["https-proxy-agent", "proxy-from-env", "ws"] },
  "packages/link": { workspace: ["protocol", "ports"], libraries: [] },
  "packages/user-config": {
    workspace: ["protocol", "ports"],
    libraries: ["fastest-levenshtein", "jose", "jsonc-parser", "proper-lockfile", "zod"],
  },
  "packages/ipc": { workspace: ["protocol", "ports", "user-config"], libraries: ["proper-lockfile", "zod"] },
  // The built page, and how it is served.
  "packages/console-page": { workspace: [], libraries: [] },
  "relay-server": {
    workspace: ["protocol", "ports", "user-config", "console-page"],
    libraries: ["pino", "prom-client", "ws"],
  },
  "packages/console-server": { workspace: ["protocol", "ports", "ipc", "console-page"], libraries: ["ws"] },
  // The one process of a user over the rooms of all projects.
  "packages/hub": { workspace: ["protocol", "ports", "user-config", "ipc", "console-server"], libraries: [] },
  // A member of a room, in any world. That nothing of Node comes along, by whatever way, is found when the page is built.
  "packages/member": {
    workspace: ["protocol", "ports", "user-config", "link", "ipc"],
    libraries: ["fastest-levenshtein"],
    isomorphic: true,
  },
  // The process around a member: its folder, its socket, its successor.
  "packages/daemon": {
    workspace: ["protocol", "ports", "user-config", "ipc", "member"],
    libraries: ["proper-lockfile"],
  },
  // A member in a browser.
  "packages/browser": {
    workspace: ["protocol", "ports", "user-config", "ipc", "console-server", "member"],
    libraries: ["@noble/ed25519", "@noble/hashes", "idb"],
    isomorphic: true,
  },
  // The page: of the ipc it takes the types of its language alone.
  "packages/console": {
    workspace: ["protocol", "ipc", "browser"],
    libraries: ["@preact/signals", "@scure/bip39", "@tanstack/virtual-core", "marked", "preact"],
    isomorphic: true,
  },
  "packages/commands": {
    workspace: ["protocol", "ports", "user-config", "ipc"],
    libraries: ["@scure/bip39", "chalk", "fast-string-truncated-width", "fastest-levenshtein", "uqr"],
  },
  "packages/install": {
    workspace: ["protocol", "ports", "user-config"],
    libraries: ["jsonc-parser", "toml-eslint-parser"],
  },
  "packages/mcp": {
    workspace: ["protocol", "ports", "user-config", "ipc", "commands"],
    libraries: ["@modelcontextprotocol/sdk", "fastest-levenshtein", "zod"],
  },
  "packages/resident": {
    workspace: ["protocol", "ports", "user-config", "link", "ipc", "member", "daemon", "commands", "mcp"],
    libraries: ["@modelcontextprotocol/sdk", "zod"],
  },
  "packages/cli": {
    workspace: [
      "protocol",
      "ports",
      "user-config",
      "link",
      "ipc",
      "relay",
      "member",
      "daemon",
      "hub",
      "commands",
      "install",
      "mcp",
      "resident",
    ],
    libraries: ["@clack/prompts", "chalk", "commander"],
  },
  "packages/claude-code": { workspace: [], libraries: [] },
  "packages/codex": { workspace: [], libraries: [] },
};

const FORBIDDEN_NAMES = /^(utils?|helpers?|common|misc|types?)$/;
const KEBAB_CASE = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const IMPORT = /(?:^|[\s;}])(?:import|export)\s[^;'"()]*?from\s*["']([^"']+)["']|\bimport\s*\(?\s*["']([^"']+)["']/g;

const folders = packageFolders();
const nameOf = (folder: string): string => folder.replace(/^packages\//, "").replace("relay-server", "relay");
const isSource = (name: string): boolean => /\.(tsx?|mts|js|mjs)$/.test(name) && !name.includes(".test.");
const sourcesOf = (folder: string): string[] => filesUnder(`${folder}/src`, isSource);

/** The module names a file imports, without its comments. */
function importsOf(path: string): string[] {
  const code = textOf(path)
    .replaceAll(/^\s*(\/\/|\*|\/\*).*$/gm, "")
    .replaceAll(/`(?:[^`\\]|\\.)*`/g, "``");
  return [...code.matchAll(IMPORT)].map((m) => (m[1] ?? m[2])!);
}

/** `@scope/name/deep` and `name/deep` without what is deep. */
function packageOf(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

function declaredBy(folder: string): string[] {
  const manifest = JSON.parse(textOf(`${folder}/package.json`)) as { dependencies?: Record<string, string> };
  return Object.keys(manifest.dependencies ?? {});
}

/** The packages and libraries that the code of a package imports. */
function importedBy(folder: string): string[] {
  const specifiers = sourcesOf(folder).flatMap(importsOf);
  const outside = specifiers.filter((s) => !s.startsWith(".") && !s.startsWith("node:"));
  return [...new Set(outside.map(packageOf))].sort();
}

function allowedFor(folder: string): Set<string> {
  const { workspace, libraries } = LAYERS[folder]!;
  return new Set([...workspace.map((name) => `@agora/${name}`), ...libraries]);
}

test("every package has its place in the table, and the table points down only", () => {
  expect(folders.filter((folder) => !(folder in LAYERS))).toEqual([]);
  const above = new Set<string>();
  for (const [folder, { workspace }] of Object.entries(LAYERS)) {
    expect(workspace.filter((name) => !above.has(name))).toEqual([]);
    above.add(nameOf(folder));
  }
});

describe.each(folders.filter((folder) => folder in LAYERS))("%s", (folder) => {
  test("declares only what its layer may use", () => {
    expect(declaredBy(folder).filter((name) => !allowedFor(folder).has(name))).toEqual([]);
  });

  test("imports only what it declares", () => {
    const declared = new Set(declaredBy(folder));
    expect(importedBy(folder).filter((name) => !declared.has(name))).toEqual([]);
  });

  test("declares only what it imports", () => {
    const imported = new Set(importedBy(folder));
    expect(declaredBy(folder).filter((name) => !imported.has(name))).toEqual([]);
  });

  test("reaches no file of another package, and names Node's modules as such", () => {
    const strays = sourcesOf(folder).flatMap((path) =>
      importsOf(path)
        .filter((s) =>
          s.startsWith(".") ? !normalize(join(dirname(path), s)).startsWith(`${folder}/`) : builtinModules.includes(s),
        )
        .map((s) => `${path}: ${s}`),
    );
    expect(strays).toEqual([]);
  });

  test("imports of Node what its layer allows", () => {
    const banned = LAYERS[folder]!.isomorphic === true ? sourcesOf(folder) : [];
    expect(banned.filter((path) => importsOf(path).some((s) => s.startsWith("node:")))).toEqual([]);
  });

  test("has files with names that say something, in kebab case, and no default exports", () => {
    const words = sourcesOf(folder).map((path) => path.split("/").at(-1)!.split(".")[0]!);
    expect(words.filter((word) => !KEBAB_CASE.test(word) || FORBIDDEN_NAMES.test(word))).toEqual([]);
    expect(sourcesOf(folder).filter((path) => /^\s*export\s+(default\b|\*\s+from)/m.test(textOf(path)))).toEqual([]);
  });
});

/** A file that needs more has two things in it. */
const MAX_LINES = 300;
/** Those that may have more: tables of data, and tests that are still to be taken apart. */
const LONGER: Readonly<Record<string, "data" | "tests">> = {
  "packages/commands/src/command-line.examples.ts": "data",
  "test/requirements.ts": "data",
  "test/console/member.test.ts": "tests",
};

test("no file is longer than it is read at one go", () => {
  const all = [...folders, "test", "scripts", "bench"].flatMap((folder) =>
    filesUnder(folder, (n) => /\.tsx?$/.test(n)),
  );
  expect(all.length).toBeGreaterThan(500);
  const linesOf = (path: string): number => textOf(path).split("\n").length - 1;
  const long = all.filter((path) => linesOf(path) > MAX_LINES);
  expect(long.filter((path) => !(path in LONGER)).map((path) => `${path}: ${linesOf(path)}`)).toEqual([]);
  expect(Object.keys(LONGER).filter((path) => !long.includes(path))).toEqual([]);
});

test("the gateway reads no state: it makes requests and gets pushes", () => {
  const files = filesUnder("packages/resident/src/gateway", isSource);
  expect(files.length).toBeGreaterThan(10);
  const parts = new Set(["@agora/member", "@agora/daemon"]);
  expect(files.filter((path) => importsOf(path).some((name) => parts.has(packageOf(name))))).toEqual([]);
  expect(
    files.filter((path) =>
      /\.store\b|\b(?:live|own)\.room\b|\{[^}]*\b(?:room|store)\b[^}]*\} = \w*\.?live\b/.test(textOf(path)),
    ),
  ).toEqual([]);
});

test("the reading of imports finds every form", () => {
  const found = importsOf("packages/ports/src/keys.ts");
  expect(found).toContain("node:crypto");
  expect(importedBy("packages/ports")).toEqual(["https-proxy-agent", "proxy-from-env", "ws"]);
  expect(importedBy("packages/protocol")).toEqual(["zod"]);
});

describe("packages/member", () => {
  const root = "packages/member/src";
  const files = sourcesOf("packages/member").map((path) => path.slice(path.indexOf(root) + root.length + 1));
  /** The files of the package that a file imports. */
  const neighboursOf = (file: string): string[] =>
    importsOf(join(root, file))
      .filter((s) => s.startsWith("."))
      .map((s) => normalize(join(dirname(file), s)));
  const isKernel = (file: string): boolean => file.startsWith("kernel/");
  /** The folds, each with what it imports of its own folder: both parts have the same bounds. */
  const folds = new Set(files.filter((file) => /(^|[/-])fold\.ts$/.test(file)));
  for (const file of folds)
    for (const near of neighboursOf(file)) if (dirname(near) === dirname(file) && !isKernel(file)) folds.add(near);
  const isFold = (file: string): boolean => folds.has(file);
  const offending = (of: (file: string) => boolean, may: (neighbour: string) => boolean): string[] =>
    files.filter(of).flatMap((file) =>
      neighboursOf(file)
        .filter((n) => !may(n))
        .map((n) => `${file} -> ${n}`),
    );

  test("the kernel knows no feature: it imports itself, and of three folds how their records read", () => {
    const read = new Set(["inbox/fold.ts", "questions/fold.ts", "seats/fold.ts"]);
    expect(offending(isKernel, (n) => isKernel(n) || read.has(n))).toEqual([]);
  });

  test("a fold stands on the protocol, on the kernel's own folds and on what is as pure beside it alone", () => {
    expect(offending(isFold, (n) => isKernel(n) || isFold(n))).toEqual([]);
    const foreign = files
      .filter(isFold)
      .flatMap((file) => importsOf(join(root, file)).filter((s) => !s.startsWith(".")));
    // Of a file is kept what surfaces are shown of it.
    expect(foreign.filter((s) => s !== "@agora/protocol" && s !== "@agora/ipc")).toEqual([]);
  });

  test("a feature never sees the room: only who makes it, and the doors of requests, do", () => {
    const may = /^(room|index|create-member)\.ts$|^requests\//;
    expect(
      offending(
        (file) => !may.test(file),
        (n) => n !== "room.ts",
      ),
    ).toEqual([]);
  });

  test("no file imports itself by a detour", () => {
    const state = new Map<string, "open" | "done">();
    const circles: string[] = [];
    const visit = (file: string, way: readonly string[]): void => {
      if (state.get(file) === "open") circles.push([...way.slice(way.indexOf(file)), file].join(" -> "));
      if (state.has(file)) return;
      state.set(file, "open");
      for (const next of neighboursOf(file)) visit(next, [...way, file]);
      state.set(file, "done");
    };
    for (const file of files) visit(file, []);
    expect(circles).toEqual([]);
  });
});
