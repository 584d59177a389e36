// Doctor check whether a client's hooks reach us. That they are installed and trusted proves nothing; a hook that arrived
// does, for the version it came from.
import { showHookReach } from "@agora/commands";
import { type HookProof, hookReach } from "@agora/user-config";
import { isNewerThanTested, TESTED_CLIENTS, type TestedName } from "@agora/install";
import { broken, doubtful, type Finding, good } from "./doctor-finding.ts";

/** The name of the check. Codex's existed first, and programs rely on it. */
const CHECK: Readonly<Record<TestedName, string>> = { claude: "claude hooks", codex: "hooks" };
/** How a person tries one of our commands there. */
const TRY: Readonly<Record<TestedName, string>> = { claude: "/agora:who", codex: "agora:who" };

export interface HookFacts {
  readonly client: TestedName;
  /** The person's version, if the client tells. */
  readonly version: string | undefined;
  /** Everything that was seen, newest first. */
  readonly proofs: readonly HookProof[];
  readonly now: number;
}

/** The proof that counts: for the person's version, or for the version seen last when the client doesn't tell. */
export function proofOf({ client, version, proofs }: HookFacts): HookProof | undefined {
  return proofs.find((proof) => proof.client === client && (version === undefined || proof.version === version));
}

/** Whether we know this version. No findings when the version is unknown. */
export function checkVersion(facts: HookFacts): Finding[] {
  const { client } = facts;
  const { title, newest } = TESTED_CLIENTS[client];
  const version = facts.version ?? proofOf(facts)?.version;
  if (version === undefined) return [];
  return isNewerThanTested(client, version)
    ? [
        doubtful(
          `${client} version`,
          `${title} ${version} is newer than what Agora was tested with (${newest})`,
          "look at the line about its hooks; agora doctor --wake tries the rest",
        ),
      ]
    : [good(`${client} version`, `${title} ${version}; tested up to ${newest}`)];
}

/** `so`: what else is known of the hooks, as in "all 6 are trusted in Codex". */
export function checkReach(facts: HookFacts, so: string): Finding {
  const { client, now } = facts;
  const proof = proofOf(facts);
  const { title } = TESTED_CLIENTS[client];
  const version = facts.version ?? proof?.version;
  const name = version === undefined ? title : `${title} ${version}`;
  const seen = showHookReach(proof, now);
  const check = CHECK[client];
  switch (proof === undefined ? "unproven" : hookReach(proof, now)) {
    case "reach":
      return good(check, `${so}, and they reach Agora: ${seen} from ${name}`);
    case "unproven":
      return doubtful(
        check,
        `${so}, but not proven in ${name}: ${seen}`,
        `type ${TRY[client]} in a session of ${title}, then run agora doctor again`,
      );
    case "fail":
      return broken(
        check,
        `${so}, yet hooks fail in ${name}: ${seen}`,
        `type /hooks in ${title} to see whether ours are on, then ${TRY[client]} in a new session; if it stays, this version needs a newer Agora (agora update)`,
      );
  }
}
