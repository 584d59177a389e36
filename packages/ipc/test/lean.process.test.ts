// What a hook loads at every prompt: of the two packages nothing but their own files, the one reader of text, and node's.
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const HERE = fileURLToPath(new URL("..", import.meta.url));

/** The files loaded by a fresh process that runs `code`. */
function loadedBy(code: string): string[] {
  const script = `import { registerHooks } from "node:module";
    const loaded = [];
    registerHooks({ load: (url, context, next) => { loaded.push(url); return next(url, context); } });
    ${code}
    process.stdout.write(JSON.stringify(loaded));`;
  const out = execFileSync(process.execPath, ["--input-type=module", "-e", script], { cwd: HERE, encoding: "utf8" });
  return (JSON.parse(out) as string[]).filter((url) => url.startsWith("file:"));
}

it("asking whether a project is joined loads no library and no schema", () => {
  const loaded = loadedBy(
    `const { findHome, joinedProject } = await import("@agora/user-config"); joinedProject(findHome({ AGORA_HOME: "/none" }), "/");`,
  );
  expect(loaded.length).toBeGreaterThan(5);
  expect(loaded.filter((url) => !/\/packages\/(user-config\/src\/|ports\/src\/read-text\.ts$)/.test(url))).toEqual([]);
});

it("nor does looking for its daemon", () => {
  const loaded = loadedBy(
    `const { findDaemon } = await import("@agora/ipc"); await findDaemon({ home: { path: "/none" }, project: "/", version: "0" });`,
  );
  expect(
    loaded.filter((url) => !/\/packages\/((user-config|ipc)\/src\/|ports\/src\/read-text\.ts$)/.test(url)),
  ).toEqual([]);
  expect(loaded.filter((url) => url.includes("schemas"))).toEqual([]);
});
