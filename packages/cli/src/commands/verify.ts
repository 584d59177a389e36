// `agora verify [PATH]`: whether a journal is what its authors signed. It reads files alone: no daemon is asked, none is started.
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { basename, dirname, isAbsolute, join, resolve } from "node:path";
import {
  findProject,
  findRelayKey,
  findToken,
  type Home,
  memoryPath,
  openPins,
  type Project,
  roomRoot,
} from "@agora/user-config";
import { type Finding, type Report, verifyRecord, type VerifyOptions } from "@agora/member";
import { createVerifier } from "@agora/ports";
import { fail, harmlessLine, ok, type Result } from "@agora/protocol";
import { isFolder, journalFilesIn, linesOf } from "../journal-files.ts";
import { terminalHome } from "../terminal-home.ts";
import { type ExitCode, print, printFailure, printJson, type Start } from "../terminal.ts";

interface VerifyFlags {
  readonly json?: boolean;
  readonly project?: string;
}

/** Findings that a terminal shows of each sort; `--json` has all. */
const SHOWN = 50;
const MAX_LINE = 400;

/** What is verified, and the project whose member wrote it, where that is known. */
interface Journal {
  readonly path: string;
  readonly files: readonly string[];
  readonly project?: Project | undefined;
  /** Where what contradicts the journal is kept. */
  readonly memory?: string | undefined;
}

/** Prints what is wrong with a journal, a sentence each; 1 if anything is. */
export async function verify(start: Start, word: string | undefined, flags: VerifyFlags): Promise<ExitCode> {
  const json = flags.json === true;
  const done = await verified(start, word ?? flags.project ?? ".");
  if (!done.ok) return printFailure(done, json);
  const { path, report } = done.value;
  const whole = report.faults.length === 0;
  if (json) printJson({ path, whole, ...report });
  else print(...report.notes.slice(0, SHOWN).map(note), ...shown(report.faults), summary(path, report));
  return whole ? 0 : 1;
}

async function verified(
  start: Start,
  word: string,
): Promise<Result<{ readonly path: string; readonly report: Report }>> {
  const home = terminalHome(start);
  if (!home.ok) return home;
  const journal = findJournal(home.value, isAbsolute(word) ? resolve(word) : resolve(start.cwd, word));
  if (!journal.ok) return journal;
  const { path, files, project, memory } = journal.value;
  try {
    const known = project === undefined ? {} : await knownOf(home.value, project);
    const remembered = memory === undefined ? {} : rememberedIn(memory);
    return ok({ path, report: verifyRecord(linesOf(files), { verifier: createVerifier(), ...known, ...remembered }) });
  } catch (error) {
    return unreadable(path, error);
  }
}

/** A folder that is, or lies in, a project means the journal in the home; any other folder and a file mean themselves. */
function findJournal(home: Home, path: string): Result<Journal> {
  if (!existsSync(path)) return fail("usage", `${path} is not there: name a project, its .agora, or a journal file.`);
  try {
    const real = realpathSync(path);
    const folder = isFolder(real) ? real : dirname(real);
    const place = findProject(home, basename(folder) === ".agora" ? dirname(folder) : folder);
    if (!place.ok) return place;
    const { project } = place.value;
    if (folder !== real) return ok({ path: real, files: [real], project });
    if (project?.id !== undefined) {
      const memory = memoryPath(home, project.id);
      return ok({ path: memory, files: journalFilesIn(memory), project, memory });
    }
    const own = [real, join(real, ".agora")].find((one) => journalFilesIn(one).length > 0);
    if (own !== undefined) return ok({ path: own, files: journalFilesIn(own) });
    return fail(
      "no-journal",
      `No journal is in ${real}: name a project that is in a room, its .agora, or a journal file.`,
    );
  } catch (error) {
    return unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): ReturnType<typeof fail<"disk">> {
  return fail("disk", `${path} can't be read (${error instanceof Error ? error.message : String(error)}).`);
}

/** What the home knows of a project's room: its root key, or its relay's, and the keys and roots of its members. */
async function knownOf(
  home: Home,
  project: Project,
): Promise<Partial<Pick<VerifyOptions, "root" | "keyOf" | "rootOf">>> {
  const { origin, room } = project;
  const [token, own, relay] = [findToken(home, origin, room), roomRoot(home, room), findRelayKey(home, origin)];
  const root =
    (token.ok ? token.value?.root : undefined) ??
    (own.ok ? own.value.key : undefined) ??
    (relay.ok && relay.value?.key !== "none" ? relay.value?.key : undefined);
  const opened = await openPins(home, origin, room);
  if (!opened.ok) return root === undefined ? {} : { root };
  await using pins = opened.value;
  const known = new Map(pins.all());
  return { root, keyOf: (name) => known.get(name)?.key, rootOf: (name) => known.get(name)?.root };
}

/**
 * What the member's checkpoint keeps, and what it wrote since: the signed heads by which authors contradicted themselves, and what was
 * stated of keys.
 */
function rememberedIn(memory: string): Required<Remembered> {
  const [checkpoint, inbox] = [join(memory, "checkpoint.json"), join(memory, "inbox.jsonl")];
  const kept = existsSync(checkpoint) ? (JSON.parse(readFileSync(checkpoint, "utf8")) as Checkpoint) : {};
  const since = existsSync(inbox) ? readFileSync(inbox, "utf8").split("\n").slice(0, -1) : [];
  const written = <T>(op: string): readonly T[] =>
    since.filter((line) => line.includes(`"op":"${op}"`)).map((line) => JSON.parse(line) as T);
  return {
    evidence: [...Object.values(kept.state?.conflicts ?? {}), ...written<Signed>("conflict")],
    statements: [...Object.values(kept.state?.keys ?? {}), ...written<Stated>("key")],
  };
}

type Remembered = Pick<VerifyOptions, "evidence" | "statements">;
type Signed = NonNullable<VerifyOptions["evidence"]>[number];
type Stated = NonNullable<VerifyOptions["statements"]>[number];

interface Checkpoint {
  readonly state?: {
    readonly conflicts?: Readonly<Record<string, Signed>>;
    readonly keys?: Readonly<Record<string, Stated>>;
  };
}

function note({ where, message }: Finding): string {
  return harmlessLine(`note: ${where === undefined ? "" : `${where}: `}${message}`, MAX_LINE);
}

function shown(faults: readonly Finding[]): readonly string[] {
  const lines = faults
    .slice(0, SHOWN)
    .map(({ where, message }) => harmlessLine(where === undefined ? message : `${where}: ${message}`, MAX_LINE));
  return faults.length > SHOWN ? [...lines, `and ${faults.length - SHOWN} more: --json has them all`] : lines;
}

function summary(path: string, { events, authors, faults }: Report): string {
  const what = `${events} ${events === 1 ? "event" : "events"} of ${authors} ${authors === 1 ? "member" : "members"} in ${path}`;
  if (faults.length === 0) return `whole: ${what}`;
  return `not whole: ${faults.length} ${faults.length === 1 ? "fault" : "faults"} in ${what}`;
}
