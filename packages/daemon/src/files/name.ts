// What a received file is called here, and which files an agent may send.
import { realpath } from "node:fs/promises";
import { isAbsolute, relative, resolve, sep } from "node:path";
import { askGit, gitTop } from "@agora/user-config";
import { fail, ok, type Result } from "@agora/protocol";

/** Bytes of a received file's own name; file systems allow 255 in all. */
const MAX_NAME_BYTES = 150;
const MAX_ENDING = 12;

/**
 * `<hash8>-<cleaned name>`: never a path, never hidden, never a name that a client loads automatically (`CLAUDE.md`), and
 * always the same for the same content. `digits` of the hash: more when different content has that name. [FILE-8]
 */
export function receivedName(name: string, sha256: string, digits = 8): string {
  const base = name.split(/[/\\]/).at(-1) ?? "";
  const clean = base
    .normalize("NFC")
    .replaceAll(/[^\p{L}\p{N}._ -]/gu, "_")
    .replaceAll(/\s+/g, " ")
    .replace(/^[. ]+/, "")
    .replace(/[. ]+$/, "");
  const short = shorten(clean);
  return `${sha256.slice(0, digits)}-${short === "" ? "file" : short}`;
}

/** Cuts a name at whole characters and keeps its extension. */
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

/** Resolves the path of a file to send. An agent may send only files inside the project, and none that git ignores. */
export async function fileToSend(project: string, path: string, byAgent: boolean): Promise<Result<string, "bad-file">> {
  let real: string;
  try {
    real = await realpath(resolve(project, path));
  } catch {
    return fail("bad-file", `The file ${path} can't be found: give its path from the project's folder.`);
  }
  if (!byAgent) return ok(real);
  const inside = relative(project, real);
  if (inside === "" || inside.startsWith(`..${sep}`) || inside === ".." || isAbsolute(inside))
    return fail("bad-file", `An agent may send only files inside the project: ${path} is outside.`);
  if (inside.split(sep).includes(".git") || inside.split(sep).includes(".agora"))
    return fail("bad-file", `${inside} belongs to git or to Agora itself: an agent may not send it.`);
  const answer = await askGit(project, ["check-ignore", "-q", "--", `./${inside}`], process.env);
  const isAsked = typeof answer === "object" && (answer.code === 0 || answer.code === 1);
  if (isAsked && answer.code === 0)
    return fail("bad-file", `git ignores ${inside}: an agent may not send it, a person can.`);
  // Outside a repository nothing is ignored. In one that git can't read, or without git, nobody knows.
  if (isAsked || gitTop(project) === undefined) return ok(real);
  return fail(
    "bad-file",
    `git could not say whether it ignores ${inside} (${answer === "no-git" ? "git is not installed here" : "it could not read this repository"}): a person can send it.`,
  );
}
