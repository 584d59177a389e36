// Which of two versions is newer, by Semantic Versioning (2.0.0, section 11). A few lines of our own, since a hook asks at
// every prompt and our versions have just three numbers; build data after `+` is ignored.

const VERSION = /^(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z.-]+))?(?:\+.*)?$/;

/** Below 0 when `a` is older, above 0 when it is newer. Something that isn't a version is older than any. */
export function compareVersions(a: string, b: string): number {
  const [one, two] = [VERSION.exec(a), VERSION.exec(b)];
  if (one === null || two === null) return Number(one !== null) - Number(two !== null);
  for (const at of [1, 2, 3]) {
    const difference = Number(one[at]) - Number(two[at]);
    if (difference !== 0) return difference;
  }
  return comparePrereleases(one[4], two[4]);
}

/** Whether `a` is newer than `b`. */
export function isNewer(a: string, b: string): boolean {
  return compareVersions(a, b) > 0;
}

function comparePrereleases(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  const [one, two] = [a.split("."), b.split(".")];
  for (let at = 0; at < Math.max(one.length, two.length); at += 1) {
    const difference = compareParts(one[at], two[at]);
    if (difference !== 0) return difference;
  }
  return 0;
}

function compareParts(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
  const [isNumberA, isNumberB] = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (isNumberA && isNumberB) return Number(a) - Number(b);
  if (isNumberA !== isNumberB) return isNumberA ? -1 : 1;
  return a < b ? -1 : Number(a > b);
}
