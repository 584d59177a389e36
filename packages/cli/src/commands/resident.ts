// `agora resident`: runs a resident in the foreground or the background; `install` registers it with the system's service
// manager; `token` lets a member use its gateway. Who gets in, and what runs permanently, is for a person to decide.
import { viaOfShell } from "@agora/commands";
import { findHome } from "@agora/user-config";
import { personOnly } from "@agora/ipc/person-only";
import { detachResident, manageService, manageToken, type ResidentFlags, runResident } from "@agora/resident";
import { keptBundle } from "../kept-bundle.ts";
import { settleNetwork } from "../session-network.ts";
import { type ExitCode, print, printFailure, printJson, type Start } from "../terminal.ts";
import { VERSION } from "../version.ts";
import { readSpan } from "./make-invite.ts";

interface Common {
  readonly json?: boolean;
}

/** The options as commander parsed them; those not named here are the resident's own settings. */
export type RunFlags = Common & ResidentFlags & { readonly detach?: boolean };
export type InstallFlags = Common & ResidentFlags & { readonly dryRun?: boolean; readonly uninstall?: boolean };
export interface TokenFlags extends Common {
  readonly room?: string;
  readonly person?: boolean;
  readonly expires?: string;
  readonly rotate?: boolean;
  readonly revoke?: boolean;
}

const NO_PERSON = personOnly("This", "terminal");

/** Runs until told to stop, or starts it in the background. */
export async function residentRun(start: Start, flags: RunFlags): Promise<ExitCode> {
  const json = flags.json === true;
  const own = {
    flags,
    env: start.env,
    version: VERSION,
    entry: start.entry,
    json,
    out: (line: string) => print(line),
    err: (line: string) => void process.stderr.write(`${line}\n`),
  };
  settleNetwork(start, findHome(start.env), undefined);
  if (flags.detach !== true) return runResident(own);
  const detached = await detachResident(own);
  if (!detached.ok) return printFailure(detached, json);
  if (json) printJson(detached.value);
  else
    print(`The resident runs in the background (process ${detached.value.pid}); what it prints: ${detached.value.log}`);
  return 0;
}

/** Writes, shows or removes the unit. */
export async function residentInstall(start: Start, flags: InstallFlags): Promise<ExitCode> {
  const json = flags.json === true;
  const what = flags.uninstall === true ? "uninstall" : flags.dryRun === true ? "show" : "install";
  if (what !== "show" && viaOfShell(start.env) === "shell") return printFailure(NO_PERSON, json);
  // The service runs a copy that stays: an update may remove the executable from its present place.
  const entry = keptBundle(findHome(start.env), start.entry, what === "install");
  if (!entry.ok) return printFailure(entry, json);
  const answer = await manageService({ what, flags, env: start.env, entry: entry.value });
  if (!answer.ok) return printFailure(answer, json);
  const { path, text, next } = answer.value;
  if (json) printJson(answer.value);
  else if (what === "show") process.stdout.write(text);
  else if (answer.value.what === "absent") print(`There is no unit at ${path}.`);
  else
    print(
      answer.value.what === "installed" ? `Written: ${path}` : `Removed: ${path}`,
      "Now:",
      ...next.map((line) => `  ${line}`),
    );
  return 0;
}

/** Creates, lists or revokes a token. */
export async function residentToken(start: Start, name: string | undefined, flags: TokenFlags): Promise<ExitCode> {
  const json = flags.json === true;
  const what =
    name === undefined ? "list" : flags.revoke === true ? "revoke" : flags.rotate === true ? "rotate" : "make";
  if (what !== "list" && viaOfShell(start.env) === "shell") return printFailure(NO_PERSON, json);
  const span = flags.expires === undefined ? undefined : readSpan(flags.expires);
  if (span?.ok === false) return printFailure(span, json);
  const answer = await manageToken({
    env: start.env,
    what,
    name,
    room: flags.room,
    person: flags.person === true,
    lastsMs: span === undefined ? undefined : span.value * 1_000,
  });
  if (!answer.ok) return printFailure(answer, json);
  const { value } = answer;
  if (json) printJson(value);
  else if (value.what === "list") {
    const day = (at: number): string => new Date(at).toISOString().slice(0, 10);
    print(
      ...(value.tokens.length === 0 ? ["No tokens were made."] : []),
      ...value.tokens.map(
        (t) =>
          `@${t.name} in ${t.room}${t.person ? ", a person" : ""}, since ${day(t.at)}${t.expires === undefined ? "" : `, until ${day(t.expires)}`}`,
      ),
    );
  } else if (value.what === "revoked") print(`@${value.name} has no token any more in the room ${value.room}.`);
  else {
    print(
      `The token of @${value.name} in the room ${value.room}, shown this once${value.person ? " (a person's: it speaks as the person)" : ""}:`,
      `  ${value.token}`,
      "It goes into the header: Authorization: Bearer TOKEN",
    );
  }
  return 0;
}
