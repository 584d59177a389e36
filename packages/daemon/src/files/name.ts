// What a received file is called here, and which files an agent may send.
import { execFileSync } from "node:child_process";
import { realpathSync } from "node:fs";
import { isAbsolute, relative, resolve, sep } from "node:path";
import { fail, ok, type Result } from "@agora/protocol";

/** Bytes of a received file's own name; file systems take 255 with the rest. */
const MAX_NAME_BYTES = 150;
const MAX_ENDING = 12;

/**
 * `<hash8>-<cleaned name>`: never a path, never hidden, never a name that a client loads by itself (`CLAUDE.md`), the
 * same for the same content.
 */
export function receivedName(name: string, sha256: string): string {
  const base = name.split(/[/\\]/).at(-1) ?? "";
  const clean = base
    .normalize("NFC")
    .replaceAll(/[^\p{L}\p{N}._ -]/gu, "_")
    .replaceAll(/\s+/g, " ")
    .replace(/^[. ]+/, "")
    .replace(/[. ]+$/, "");
  const short = shorten(clean);
  return `${sha256.slice(0, 8)}-${short === "" ? "file" : short}`;
}

/** Cuts a name at whole characters and keeps its ending. */
function shorten(name: string): string {
  const dot = name.lastIndexOf(".");
  const ending = dot > 0 && name.length - dot <= MAX_ENDING ? name.slice(dot) : "";
  let room = MAX_NAME_BYTES - Buffer.byteLength(ending);
  let stem = "";
  for (const character of ending === "" ? name : name.slice(0, dot)) {
    room -= Buffer.byteLength(character);
    if (room < 0) break;
    stem += character;
  }
  return stem + ending;
}

/** Resolves the path of a file to send. An agent sends only from inside the project, and nothing that git ignores. */
export function fileToSend(project: string, path: string, byAgent: boolean): Result<string, "bad-file"> {
  let real: string;
  try {
    real = realpathSync(resolve(project, path));
  } catch {
    return fail("bad-file", `The file ${path} can't be found: give its path from the project's folder.`);
  }
  if (!byAgent) return ok(real);
  const inside = relative(project, real);
  if (inside === "" || inside.startsWith(`..${sep}`) || inside === ".." || isAbsolute(inside))
    return fail("bad-file", `An agent may send only files inside the project: ${path} is outside.`);
  if (inside.split(sep).includes(".git") || inside.split(sep).includes(".agora"))
    return fail("bad-file", `${inside} belongs to git or to Agora itself: an agent may not send it.`);
  try {
    execFileSync("git", ["check-ignore", "-q", "--", inside], { cwd: project, stdio: "ignore", timeout: 5_000 });
    return fail("bad-file", `git ignores ${inside}: an agent may not send it, a person can.`);
  } catch (error) {
    // 1: not ignored; 128: no repository; ENOENT: no git. Only an exit of 0 means ignored.
    const status = (error as { status?: number | null }).status;
    return status === undefined || status === 1 || status === 128 || status === null
      ? ok(real)
      : fail("bad-file", `git could not be asked about ${inside}.`);
  }
}
