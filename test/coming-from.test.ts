// Whoever comes from another system: each cell of the column "ours" in docs/guide/coming-from.md exists, and a first start and
// the doctor name that system's variables without obeying them.
import { OTHER_VARIABLES } from "@agora/user-config";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { knownCommand, knownTools, knowsOption } from "./known-words.ts";
import { type Person, Town } from "./test-users.ts";
import { filesUnder, packageFolders, textOf } from "./workspace-files.ts";

/** One row: what the table is about, the cells of its first two columns. */
interface Row {
  readonly kind: string;
  readonly theirs: string;
  readonly ours: string;
}

const cellsOf = (line: string): string[] =>
  line
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim());

function rows(): Row[] {
  let kind = "";
  return textOf("docs/guide/coming-from.md")
    .split("\n")
    .filter((line) => line.startsWith("|") && !line.startsWith("|---"))
    .flatMap((line) => {
      const [theirs = "", ours = ""] = cellsOf(line);
      if (ours === "ours") kind = theirs;
      return ours === "ours" ? [] : [{ kind, theirs, ours }];
    });
}

const spansOf = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map((m) => m[1]!);
const oursOf = (kind: string): string[] => rows().flatMap((row) => (row.kind === kind ? spansOf(row.ours) : []));
/** All sources that are shipped, as one text. */
const sources = (): string =>
  packageFolders()
    .flatMap((folder) => filesUnder(`${folder}/src`, (name) => name.endsWith(".ts") && !name.endsWith(".test.ts")))
    .map(textOf)
    .join("\n");

const isCommand = (span: string): boolean => /^\/?agora[: ]/.test(span);
function isTyped(span: string): boolean {
  const line = span.replace(/^\/?agora[: ]/, "");
  const command = knownCommand(line);
  const options = [...line.matchAll(/(?<=\s)--?[a-z][a-z-]*/g)].map((m) => m[0]);
  return command !== undefined && options.every((option) => knowsOption(command, option));
}

describe("the tables for people who come from another system", () => {
  test("have rows of kinds that are checked here, and none says nothing of ours", () => {
    const kinds = ["command", "tool", "variable", "file", "setting", "port", "what you did"];
    expect([...new Set(rows().map(({ kind }) => kind))].filter((kind) => !kinds.includes(kind))).toEqual([]);
    expect(rows().filter(({ ours }) => ours !== "–" && spansOf(ours).length === 0)).toEqual([]);
  });

  test("name commands and options that exist; an invented one is noticed", () => {
    const commands = [...oursOf("command"), ...oursOf("what you did")];
    expect(commands.filter((span) => !isCommand(span) || !isTyped(span))).toEqual([]);
    expect(["agora sing", "/agora:say --louder hello"].filter(isTyped)).toEqual([]);
  });

  test("name tools, and actions of the grouped one, that a model is lent", async () => {
    const tools = await knownTools();
    expect(oursOf("tool").filter((name) => !tools.has(name))).toEqual([]);
  });

  test("name variables, settings and files that the sources know", () => {
    const text = sources();
    const variables = [...oursOf("variable"), ...oursOf("port")].filter((span) => !isCommand(span));
    expect(variables.filter((name) => !text.includes(`"${name}"`))).toEqual([]);
    expect(oursOf("setting").filter((name) => !new RegExp(`\\b${name}\\b`).test(text))).toEqual([]);
    const names = oursOf("file").map((path) => path.replace(/\/$/, "").split("/").at(-1)!);
    expect(names.filter((name) => !text.includes(name.replace(/\.jsonl$/, "")))).toEqual([]);
  });

  test("say of each variable what the program says of it", () => {
    const told = rows().flatMap(({ kind, theirs, ours }) =>
      kind === "variable" ? spansOf(theirs).map((name) => [name, spansOf(ours)[0]] as const) : [],
    );
    const known = told.filter(([name]) => /^(NEXSCOPE|CAUCUS)_/.test(name));
    expect(Object.fromEntries(known)).toEqual(OTHER_VARIABLES);
  });
});

describe("variables of another system", () => {
  let town: Town;
  let ann: Person;
  const set = { NEXSCOPE_TOKEN: "their-secret", NEXSCOPE_RELAY_URL: "ws://127.0.0.1:1", CAUCUS_PROJECT: "theirs" };
  const named =
    "CAUCUS_PROJECT (here AGORA_NAME), NEXSCOPE_RELAY_URL (here AGORA_RELAY_URL), NEXSCOPE_TOKEN (here AGORA_TOKEN)";

  beforeAll(async () => {
    town = new Town();
    ann = town.person("ann", await town.relay());
  });
  afterAll(() => town[Symbol.asyncDispose]());

  test("are named at a first start with ours, not obeyed, and not named again", async () => {
    const first = await ann.start([], set);
    expect(first).toMatchObject({ code: 0 });
    expect(first.out).toContain("joined as ann");
    expect(first.out + first.err).toContain(named);
    expect(first.out + first.err).not.toContain("their-secret");
    const again = await ann.type(["start"], set);
    expect(again.out + again.err).not.toContain("NEXSCOPE");
  });

  test("are a doubt of the doctor's, which breaks nothing; without them it says nothing of it", async () => {
    const doctor = await ann.type(["doctor"], set);
    expect(doctor.out).toContain(named);
    expect(doctor.out).not.toContain("their-secret");
    const plain = await ann.type(["doctor"]);
    expect(plain.out).not.toContain("other systems");
    expect(doctor.code).toBe(plain.code);
  });
});
