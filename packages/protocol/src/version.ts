// The protocol version and how both sides agree on one. A version is a whole number; a peer offers all it speaks.

/** The versions this code speaks, best first. */
export const VERSIONS: readonly number[] = [1];

/** The version both sides speak, or undefined if there is none. [HELLO-3] */
export function chooseVersion(offered: readonly number[], ours: readonly number[] = VERSIONS): number | undefined {
  return ours.find((v) => offered.includes(v));
}
