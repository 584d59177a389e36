// Times and sizes as people read them.

const MINUTE_MS = 60_000;

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "medium" });

export const clockWords = (ms: number): string => clock.format(ms);
export const fullWords = (ms: number): string => full.format(ms);

/** Today, Yesterday, or the day's name. */
export function dayWords(ms: number, now: number): string {
  if (isSameDay(ms, now)) return "Today";
  if (isSameDay(ms, now - 86_400_000)) return "Yesterday";
  return day.format(ms);
}

export function isSameDay(a: number, b: number): boolean {
  return new Date(a).toDateString() === new Date(b).toDateString();
}

/** How long ago: `just now`, `4 min ago`, `2 h ago`, `3 d ago`. */
export function agoWords(ms: number, now: number): string {
  return now - ms < MINUTE_MS / 2 ? "just now" : `${sinceWords(ms, now)} ago`;
}

/** For how long: `under a minute`, `4 min`, `2 h`, `3 d`. */
export function sinceWords(ms: number, now: number): string {
  const minutes = Math.max(0, Math.round((now - ms) / MINUTE_MS));
  if (minutes < 1) return "under a minute";
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} d`;
}

/** The time left until `ms`: `40 s left`, `3 min left`. */
export function leftWords(ms: number, now: number): string {
  const seconds = Math.max(0, Math.ceil((ms - now) / 1_000));
  if (seconds < 100) return `${seconds} s left`;
  return seconds < 5_400 ? `${Math.round(seconds / 60)} min left` : `${Math.round(seconds / 3_600)} h left`;
}

export function sizeWords(bytes: number): string {
  if (bytes < 1_024) return `${bytes} B`;
  if (bytes < 1_024 ** 2) return `${(bytes / 1_024).toFixed(0)} KB`;
  return `${(bytes / 1_024 ** 2).toFixed(1)} MB`;
}
