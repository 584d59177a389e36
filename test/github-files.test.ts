// What GitHub reads of the repository: workflows, issue forms, recipes. It parses, and what it names exists.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseDocument } from "yaml";
import { ROOT, textOf } from "./workspace-files.ts";

/** The value of a YAML file; fails on every mistake and warning of the parser. */
function yamlOf(path: string): unknown {
  const document = parseDocument(textOf(path), { strict: true, uniqueKeys: true });
  expect([...document.errors, ...document.warnings].map((one) => `${path}: ${one.message}`)).toEqual([]);
  return document.toJS();
}

const inFolder = (folder: string): string[] =>
  readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith(".yml"))
    .map((name) => `${folder}/${name}`);

interface Step {
  readonly uses?: string;
  readonly run?: string;
}
interface Job {
  readonly "runs-on": string;
  readonly "timeout-minutes"?: number;
  readonly steps: readonly Step[];
}
interface Workflow {
  readonly permissions: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

describe.each(inFolder(".github/workflows"))("%s", (path) => {
  const workflow = yamlOf(path) as Workflow;
  const jobs = Object.entries(workflow.jobs);
  const steps = jobs.flatMap(([, job]) => job.steps);

  test("may read and nothing else, and every job ends", () => {
    expect(workflow.permissions).toEqual({ contents: "read" });
    expect(jobs.filter(([, job]) => job["timeout-minutes"] === undefined)).toEqual([]);
  });

  test("takes actions of GitHub's own only, each at a version", () => {
    const used = steps.flatMap(({ uses }) => (uses === undefined ? [] : [uses]));
    expect(used.filter((name) => !/^actions\/[a-z-]+@v\d+$/.test(name))).toEqual([]);
  });

  test("runs scripts that package.json has, with the pnpm that it names, and files that are there", () => {
    const manifest = JSON.parse(textOf("package.json")) as { scripts: object; packageManager: string };
    const lines = steps.flatMap(({ run }) => run ?? []);
    const pnpm = lines.flatMap((line) => [...line.matchAll(/npx -y (pnpm@\S+) (\S+)/g)]);
    expect(pnpm.length).toBeGreaterThan(0);
    for (const [, version, word] of pnpm) {
      expect(version).toBe(manifest.packageManager);
      expect([...Object.keys(manifest.scripts), "install", "exec"]).toContain(word);
    }
    const files = lines.flatMap((line) => [...line.matchAll(/\bbash (\S+)/g)].map((m) => m[1]!));
    expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
  });
});

describe("the issue forms", () => {
  test.each(inFolder(".github/ISSUE_TEMPLATE").filter((path) => !path.endsWith("config.yml")))("%s", (path) => {
    const form = yamlOf(path) as { name: string; description: string; body: { type: string; id?: string }[] };
    expect(form.name.length * form.description.length).toBeGreaterThan(0);
    const ids = form.body.filter(({ type }) => type !== "markdown").map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).not.toContain(undefined);
  });

  test("the chooser's settings parse", () => {
    expect(yamlOf(".github/ISSUE_TEMPLATE/config.yml")).toEqual({ blank_issues_enabled: true });
  });
});

test.each(["relay-server/docker-compose.yml", "relay-server/render.yaml"])("the recipe %s parses", (path) => {
  expect(Object.keys(yamlOf(path) as object)).toContain("services");
});

test("the built files are marked as such, and are no part of a diff", () => {
  const marked = textOf(".gitattributes").split("\n");
  for (const pattern of ["packages/*/dist/**", "relay-server/relay.mjs"]) {
    expect(marked).toContain(`${pattern} -diff linguist-generated`);
  }
});
