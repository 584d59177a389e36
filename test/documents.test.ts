// The pages people read: every link leads somewhere, every command and option that they show exists, and the front page is short.
import { existsSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, test } from "vitest";
import { knowsOption, knownCommand } from "./known-words.ts";
import { filesUnder, ROOT, textOf } from "./workspace-files.ts";

const isPage = (name: string): boolean => name.endsWith(".md");
const FRONT = ["README.md", "PROTOCOL.md", "CONTRIBUTING.md", "SECURITY.md", "CODE_OF_CONDUCT.md", "CHANGELOG.md"];
const PAGES = [...FRONT, "relay-server/README.md", ...filesUnder("docs", isPage), ...filesUnder("protocol", isPage)];
/** Where commands are explained to people. */
const GUIDES = ["README.md", "docs/gateway.md", ...filesUnder("docs/guide", isPage)];

/** The anchor that GitHub gives a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replaceAll(" ", "-");

const withoutCode = (text: string): string => text.replaceAll(/^```.*?^```/gms, "").replaceAll(/`[^`\n]*`/g, "");
const anchorsOf = (page: string): Set<string> =>
  new Set([...withoutFences(textOf(page)).matchAll(/^#+ (.+)$/gm)].map((m) => anchorOf(m[1]!.replaceAll("`", ""))));
function withoutFences(text: string): string {
  return text.replaceAll(/^```.*?^```/gms, "");
}

/** The links of a page to files of the repository that lead nowhere. */
function deadLinks(page: string): string[] {
  const links = [...withoutCode(textOf(page)).matchAll(/\]\(([^)\s]+)\)/g)].map((m) => m[1]!);
  return links.filter((link) => {
    if (/^[a-z]+:/.test(link)) return false;
    const [path, anchor] = link.split("#") as [string, string?];
    const target = path === "" ? page : normalize(join(dirname(page), path));
    if (!existsSync(join(ROOT, target))) return true;
    return anchor !== undefined && isPage(target) && !anchorsOf(target).has(anchor);
  });
}

/** What a page shows as typed: `agora …`, `/agora:…`, `agora:…`, in code spans and blocks, each without what follows `&&` or two spaces. */
function typedLines(page: string): string[] {
  const text = textOf(page);
  const blocks = [...text.matchAll(/^```[a-z]*\n(.*?)^```/gms)].flatMap((m) => m[1]!.split("\n"));
  const spans = [...withoutFences(text).matchAll(/`([^`]+)`/g)].map((m) => m[1]!.replaceAll("\n", " "));
  return [...blocks, ...spans].flatMap((line) => {
    const typed = /(?:^|\s)(?:\/?agora:|agora )([a-z].*)$/.exec(line.trim());
    return typed === null ? [] : [typed[1]!.split(/ {2,}| && /)[0]!];
  });
}

describe.each(PAGES)("%s", (page) => {
  test("has no dead link", () => {
    expect(deadLinks(page)).toEqual([]);
  });
});

describe.each(GUIDES)("%s", (page) => {
  test("shows commands and options that exist", () => {
    const lines = typedLines(page);
    expect(lines.filter((line) => knownCommand(line) === undefined)).toEqual([]);
    const options = lines.flatMap((line) => {
      const command = knownCommand(line)!;
      const before = line.split(/ (?:can you|Which|…)/)[0]!;
      return [...before.matchAll(/(?<=\s)--?[a-z][a-z-]*/g)].map((m) => [command, m[0]] as const);
    });
    expect(options.filter(([command, option]) => !knowsOption(command, option))).toEqual([]);
  });
});

test.each(["CONTRIBUTING.md", "docs/architecture.md"])("%s names files and folders that are there", (page) => {
  const spans = [...withoutFences(textOf(page)).matchAll(/`([^`\n]+)`/g)].map((m) => m[1]!);
  const paths = spans.filter((span) =>
    /^(packages|relay-server|test|scripts|protocol|docs|bench)\/[\w./-]*$/.test(span),
  );
  expect(paths.length).toBeGreaterThan(5);
  expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});

test("drawings hold no semicolon, which ends a line of Mermaid in the middle of a sentence", () => {
  const drawings = PAGES.flatMap((page) => [...textOf(page).matchAll(/^```mermaid\n(.*?)^```/gms)].map((m) => m[1]!));
  expect(drawings.length).toBeGreaterThan(2);
  expect(drawings.filter((drawing) => drawing.includes(";"))).toEqual([]);
});

test("an invented link, command or option would be found", () => {
  expect(knownCommand("sing a song")).toBeUndefined();
  expect(knowsOption("say", "--louder")).toBe(false);
  expect(knowsOption("start", "-n")).toBe(true);
  expect(anchorOf("To add X, touch Y")).toBe("to-add-x-touch-y");
});

test("the front page is at most 6 kB, and begins with what it is and a picture that is there", () => {
  const text = textOf("README.md");
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(6_000);
  const picture = /!\[[^\]]{20,}\]\(([^)]+)\)/.exec(text.slice(0, 800));
  expect(existsSync(join(ROOT, picture?.[1] ?? "missing"))).toBe(true);
});
