// How two local processes of one user prove to each other that they can read the user's secret, without sending it.
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** What both sides of a connection know, and the secret. */
export interface ProofFacts {
  readonly secret: Uint8Array;
  readonly project: string;
  readonly clientNonce: string;
  readonly serverNonce: string;
}

/** A fresh random value; it makes every proof valid for one connection only. */
export function newNonce(): string {
  return randomBytes(18).toString("base64url");
}

/** The proof of one side. Including the side's name keeps a proof from being sent back as the other's. */
export function prove(side: "client" | "server", facts: ProofFacts): string {
  const said = ["agora-ipc-1", side, facts.clientNonce, facts.serverNonce, facts.project].join("\n");
  return createHmac("sha256", facts.secret).update(said).digest("base64url");
}

/** Whether `proof` is that side's proof; every wrong one takes the same time to reject. */
export function isProof(side: "client" | "server", facts: ProofFacts, proof: unknown): boolean {
  if (typeof proof !== "string") return false;
  const wanted = Buffer.from(prove(side, facts));
  const given = Buffer.from(proof);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
