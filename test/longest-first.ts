// The order in which test files begin: those that take longest first, so that none of them runs alone at the end. What earlier
// runs took is known on a machine that has run them; on a fresh one, the kinds tell: the long walks, rooms in real time, real clients, faults, browsers.
import { BaseSequencer, type TestSpecification } from "vitest/node";

const LONG = [/\/test\/model\//, /\/test\/room\//, /\/test\/faults\/faults/, /\/test\/clients\//, /\/test\/console\//];

/** The lower, the earlier. */
function rankOf({ moduleId }: TestSpecification): number {
  const rank = LONG.findIndex((kind) => kind.test(moduleId));
  return rank < 0 ? LONG.length : rank;
}

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const group = (file: TestSpecification): number => file.project.config.sequence.groupOrder;
    const sorted = await super.sort(files);
    return sorted.sort((a, b) => group(a) - group(b) || rankOf(a) - rankOf(b));
  }
}
