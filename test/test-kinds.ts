// The two kinds of tests, told apart by where a file lies and how it is called; `test-kinds.test.ts` checks that each file is
// what its place says.
//
// - A unit test starts no process and changes nothing of the process it runs in, so that many share one: it lies in a package
//   (beside its source, or in the package's `test`), in `test/room` or in `test/model`.
// - A process test starts programs, as people do: it lies elsewhere in `test`, or its name ends in `.process.test.ts`.
const PACKAGES = "{packages/*,relay-server}/{src,test}/**";
const IN_ONE_PROCESS = "test/{room,model}/**";
const STARTS_PROCESSES = ".process.test.ts";

/** Which files a kind takes: patterns from the root. */
export interface TestFiles {
  readonly include: string[];
  readonly exclude: string[];
}

export const UNIT_TESTS: TestFiles = {
  include: [`${PACKAGES}/*.test.ts`, `${IN_ONE_PROCESS}/*.test.ts`],
  exclude: [`**/*${STARTS_PROCESSES}`],
};

export const PROCESS_TESTS: TestFiles = {
  include: [`${PACKAGES}/*${STARTS_PROCESSES}`, "test/**/*.test.ts"],
  exclude: [`${IN_ONE_PROCESS}/!(*.process).test.ts`],
};
