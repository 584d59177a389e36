// `pnpm soak`: a long run of real processes under random faults. Prints one line of JSON at its end; 1 on any violation.
import { parseArgs } from "node:util";
import { FAULT_KINDS, type FaultKind } from "./plan.ts";
import { isViolated, newSeed, run } from "./run.ts";

const { values } = parseArgs({
  options: {
    events: { type: "string", default: "10000" },
    faults: { type: "string", default: "60" },
    members: { type: "string", default: "5" },
    minutes: { type: "string", default: "10" },
    seed: { type: "string" },
    kinds: { type: "string" },
    keep: { type: "string" },
    quiet: { type: "boolean", default: false },
  },
});
const number = (text: string): number => {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`${text} is no number for this.`);
  return value;
};
const kinds = values.kinds?.split(",").map((word) => {
  const kind = FAULT_KINDS.find((k) => k === word);
  if (kind === undefined) throw new Error(`"${word}" is no kind of fault; there are ${FAULT_KINDS.join(", ")}.`);
  return kind satisfies FaultKind;
});

let isStopped = false;
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.on(signal, () => {
    isStopped = true;
  });

const report = await run({
  isStopped: () => isStopped,
  events: number(values.events),
  faults: number(values.faults),
  members: number(values.members),
  minutes: number(values.minutes),
  seed: values.seed === undefined ? newSeed() : number(values.seed),
  ...(kinds === undefined ? {} : { kinds }),
  ...(values.keep === undefined ? {} : { keep: values.keep }),
  tell: (line) => void (values.quiet || process.stderr.write(`${line}\n`)),
});
console.log(JSON.stringify(report));
process.exit(isViolated(report) ? 1 : 0);
