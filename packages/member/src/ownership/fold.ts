// Whom this agent names as its person, and what that person said to it. The latest question counts.

/** What was asked of the named person. */
export interface OwnerClaim {
  /** The person's member, and the key it had when it was asked. */
  readonly name: string;
  readonly key: string;
  readonly question: string;
  /** When it was asked, unix milliseconds. */
  readonly at: number;
  readonly isConfirmed?: boolean;
}

/** A record of it. */
export type OwnerRecord =
  | { readonly op: "owner-asked"; readonly claim: OwnerClaim }
  | { readonly op: "owner-said"; readonly question: string; readonly isConfirmed: boolean };

/** The claim after a record. */
export function foldOwner(claim: OwnerClaim | undefined, record: OwnerRecord): OwnerClaim | undefined {
  if (record.op === "owner-asked") return record.claim;
  return claim?.question === record.question ? { ...claim, isConfirmed: record.isConfirmed } : claim;
}
