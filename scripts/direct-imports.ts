// Leads imports from one of our packages past its index, to the files that have the names: an index imports every file of its
// package, and in a bundle that loads its parts when they are needed it would run all of them.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Plugin } from "esbuild";

const packages = join(import.meta.dirname, "../packages");

/** `import { a, type B } from "x"` and the same of an export, as our formatter writes them. */
const STATEMENT = /^(import|export) \{([^}]*)\} from "([^"]+)";$/gm;
/** `const { a, b } = await import("x")`, likewise. */
const LATE = /const \{([^}]*)\} = await import\("([^"]+)"\);/g;
const INDEX = /^@agora\/([a-z-]+)$/;

/** The plugin; what is imported by any other path, or stands in the index itself, is left as it is. */
export const directImports: Plugin = {
  name: "direct-imports",
  setup(plugin) {
    const indexes = new Map<string, ReadonlyMap<string, string>>();
    const indexOf = (name: string): ReadonlyMap<string, string> => {
      const known = indexes.get(name) ?? readIndex(join(packages, name, "src/index.ts"));
      indexes.set(name, known);
      return known;
    };
    plugin.onLoad(
      { filter: /[\\/]packages[\\/][a-z-]+[\\/]src[\\/].*\.ts$|[\\/]relay-server[\\/]src[\\/].*\.ts$/ },
      ({ path }) => {
        const text = readFileSync(path, "utf8");
        if (/[\\/]node_modules[\\/]/.test(path)) return undefined;
        return { contents: lead(text, indexOf), loader: "ts" };
      },
    );
  },
};

/**
 * Has a table of rows load each row when it is asked for: who carries out one command does without the files of forty others.
 * The table imports its rows and lists them in one object, nothing else. `has` says which rows are there at all.
 */
export function lateRows(source: string, table: string, has: (key: string) => boolean = () => true): string {
  const files = new Map<string, string>();
  for (const [, verb, list = "", from = ""] of source.matchAll(STATEMENT))
    if (verb === "import") for (const name of namesOf(list)) files.set(name, from);
  const body = new RegExp(`export const ${table} = \\{([^}]*)\\} as const;`).exec(source)?.[1] ?? "";
  const rows = namesOf(body).flatMap((row) => {
    const [key = "", name = key] = row.split(": ");
    if (!has(key.replaceAll('"', ""))) return [];
    const from = files.get(name);
    if (from === undefined) throw new Error(`${table} has a row that it does not import: ${row}`);
    return `get ${key}() { return require(${JSON.stringify(from)}).${name}; }`;
  });
  if (rows.length === 0) throw new Error(`${table} has no rows`);
  return `export const ${table} = { ${rows.join(", ")} };`;
}

/** A source with its imports led past the indexes. */
export function lead(source: string, indexOf: (name: string) => ReadonlyMap<string, string>): string {
  const led = (list: string, from: string, statement: (part: string, file: string) => string): string | undefined => {
    const name = INDEX.exec(from)?.[1];
    if (name === undefined || name === "relay") return undefined;
    const index = indexOf(name);
    return namesOf(list)
      .map((part) => statement(part, JSON.stringify(index.get(part.split(/ as |: /)[0]!) ?? from)))
      .join(" ");
  };
  return source
    .replaceAll(
      STATEMENT,
      (whole: string, verb: string, list: string, from: string) =>
        led(list, from, (part, file) => `${verb} { ${part} } from ${file};`) ?? whole,
    )
    .replaceAll(
      LATE,
      (whole: string, list: string, from: string) =>
        led(list, from, (part, file) => `const { ${part} } = await import(${file});`) ?? whole,
    );
}

/** Each name that an index exports from one of its files, with that file's path. */
function readIndex(path: string): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const [, verb, list = "", from = ""] of readFileSync(path, "utf8").matchAll(STATEMENT)) {
    if (verb !== "export" || !from.startsWith("./")) continue;
    for (const name of namesOf(list)) if (!name.includes(" as ")) names.set(name, join(dirname(path), from));
  }
  return names;
}

/** The values of a list of names; types leave nothing in a bundle. */
function namesOf(list: string): readonly string[] {
  const parts = list.split(",").map((part) => part.trim().replaceAll(/\s+/g, " "));
  return parts.filter((part) => part !== "" && !part.startsWith("type "));
}
