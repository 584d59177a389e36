// The order of what waits, and how much of it is listed.
import type { AttentionItem } from "@agora/ipc/messages";

/** Items listed in all, and of one author before anybody else's are left out. */
export const MAX_LISTED = 200;
export const MAX_OF_ONE = 40;

/** The most urgent first: urgent, then by deadline, then what an agent waits for, then the oldest. */
export function inOrder(items: readonly AttentionItem[]): AttentionItem[] {
  return items.toSorted(
    (a, b) =>
      Number(b.urgent === true) - Number(a.urgent === true) ||
      (a.deadline ?? Infinity) - (b.deadline ?? Infinity) ||
      Number(isBlocking(b)) - Number(isBlocking(a)) ||
      a.since - b.since ||
      (a.id < b.id ? -1 : 1),
  );
}

/** An agent can't go on before it is done. */
function isBlocking({ kind, role, blocks }: AttentionItem): boolean {
  return kind === "permission" || (blocks ?? []).length > 0 || (role === "agent" && kind !== "unanswered");
}

/** At most `MAX_LISTED` of them in the same order; what one author sends in masses doesn't push out the others'. */
export function listed(items: readonly AttentionItem[]): AttentionItem[] {
  if (items.length <= MAX_LISTED) return [...items];
  const counts = new Map<string, number>();
  const isWithin = (item: AttentionItem): boolean => {
    const count = (counts.get(item.from) ?? 0) + 1;
    counts.set(item.from, count);
    return count <= MAX_OF_ONE;
  };
  const first = items.filter(isWithin).slice(0, MAX_LISTED);
  const taken = new Set(first);
  const rest = items.filter((item) => !taken.has(item)).slice(0, MAX_LISTED - first.length);
  const kept = new Set([...first, ...rest]);
  return items.filter((item) => kept.has(item));
}
