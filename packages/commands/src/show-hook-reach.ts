// Whether a client's hooks reach us, in words: for a person who wonders why nothing happens.
import { type Home, type HookProof, hookReach, readHookProofs } from "@agora/user-config";
import { showSpan } from "./show.ts";

/** `one arrived 3 min ago`, `a session called our tools without any, 3 min ago`, `none has arrived yet`. */
export function showHookReach(proof: HookProof | undefined, now: number): string {
  const ago = (at: number | undefined): string => `${showSpan(Math.max(0, now - (at ?? now)))} ago`;
  if (proof === undefined) return "none has arrived yet";
  const { opened, arrived } = proof;
  switch (hookReach(proof, now)) {
    case "reach":
      return `one arrived ${ago(arrived)}`;
    case "unproven":
      if (arrived !== undefined) return `none has arrived since a session was opened ${ago(opened)}`;
      return `none has arrived yet${opened === undefined ? "" : `, though a session was opened ${ago(opened)}`}`;
    case "fail":
      return (proof.refused ?? 0) > (proof.missed ?? 0)
        ? `what calls them has the marks of a model's call, ${ago(proof.refused)}`
        : `a session called our tools without any, ${ago(proof.missed)}`;
  }
}

/** A sentence for each client whose hooks failed in the version last used. */
export function hookTroubles(home: Home, now: number): string[] {
  const last = new Map<string, HookProof>();
  for (const proof of readHookProofs(home)) if (!last.has(proof.client)) last.set(proof.client, proof);
  return [...last.values()]
    .filter((proof) => hookReach(proof, now) === "fail")
    .map(
      (proof) =>
        `Agora's hooks fail in ${proof.client} ${proof.version} (${showHookReach(proof, now)}): commands typed there and what is said here do not get through; "agora doctor" in a terminal tells more.`,
    );
}
