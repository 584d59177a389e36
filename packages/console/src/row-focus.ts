// The keyboard in a list of rows that are answered and go: j and k walk, Enter goes into a row, and the focus stays in the list.

/** What the list is kept in. */
interface Held {
  readonly current: HTMLElement | null;
}

const INSIDE = "input, textarea, button, a[href]";

/** Listens for j, k and Enter, wherever the focus is outside fields; gives what ends that. */
export function walkRows(list: Held): () => void {
  const heard = (event: KeyboardEvent): void => {
    const { target, key } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]") !== null) return;
    if (target instanceof HTMLTextAreaElement || (target instanceof HTMLInputElement && isWritten(target))) return;
    const rows = rowsIn(list);
    const at = rows.findIndex((row) => row.contains(document.activeElement));
    if (key === "j" || key === "k") {
      const next = rows[at === -1 ? 0 : Math.min(rows.length - 1, Math.max(0, at + (key === "j" ? 1 : -1)))];
      if (next === undefined) return;
      event.preventDefault();
      next.focus();
    } else if (key === "Enter" && at !== -1 && target === rows[at]) {
      event.preventDefault();
      rows[at]?.querySelector<HTMLElement>(INSIDE)?.focus();
    }
  };
  addEventListener("keydown", heard);
  return () => removeEventListener("keydown", heard);
}

/** When the row that had the focus, the `at`th, is gone: the one in its place has it now, or the view itself. */
export function keepRowFocus(list: Held, at: number): void {
  if (at < 0 || document.activeElement !== document.body) return;
  const rows = rowsIn(list);
  (rows[Math.min(at, rows.length - 1)] ?? list.current?.closest<HTMLElement>("[tabindex='0']"))?.focus();
}

function rowsIn({ current }: Held): readonly HTMLElement[] {
  return [...(current?.querySelectorAll<HTMLElement>("[data-row]") ?? [])];
}

function isWritten({ type }: HTMLInputElement): boolean {
  return type !== "radio" && type !== "checkbox";
}
