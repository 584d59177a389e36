// What a member's process hears of its connection.

/** A dead process hears nothing. */
export function whileAlive<T extends object>(life: { readonly alive: boolean }, events: T): T {
  return Object.fromEntries(
    Object.entries(events).map(([name, fn]: [string, (...args: unknown[]) => void]) => [
      name,
      (...args: unknown[]) => void (life.alive && fn(...args)),
    ]),
  ) as T;
}

/** A thief's client takes no word about keys. */
export function heeding<T extends { readonly text: (frame: string) => void }>(events: T, heeds: () => boolean): T {
  const isOfKeys = (frame: string): boolean => frame.includes('\\"kind\\":\\"key\\"');
  return { ...events, text: (frame) => (heeds() || !isOfKeys(frame) ? events.text(frame) : undefined) };
}
