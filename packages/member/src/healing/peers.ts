// Peers of healing: a member by its name, or one of several devices by name and key; and what is remembered of them.
/** Peers of whom it is remembered when they were asked or answered; of more, those longest ago are forgotten. */
const MAX_PEERS = 1_000;

/** A device as a peer to compare with. */
export function peerOf(name: string, key: string): string {
  return `${name} ${key}`;
}

/** Name and key of a peer; neither contains a space. */
export function partsOf(peer: string): [name: string, key?: string] {
  const at = peer.indexOf(" ");
  return at < 0 ? [peer] : [peer.slice(0, at), peer.slice(at + 1)];
}

/** Where a frame to a peer goes. */
export function addressOf(peer: string): { readonly to: string; readonly key?: string } {
  const [to, key] = partsOf(peer);
  return key === undefined ? { to } : { to, key };
}

/** Remembers a moment of a peer; of too many, the one longest ago is forgotten. */
export function note(times: Map<string, number>, name: string, at: number): void {
  times.delete(name);
  times.set(name, at);
  if (times.size > MAX_PEERS) times.delete(times.keys().next().value!);
}

/** Names in a chance order. */
export function shuffle(names: readonly string[], random: () => number): readonly string[] {
  return names
    .map((name) => ({ name, at: random() }))
    .sort((x, y) => x.at - y.at)
    .map(({ name }) => name);
}
