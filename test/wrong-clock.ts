// The program on a machine whose clock is wrong: as after sleep, or when somebody sets it, under running processes too.
import { readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { copyBundles } from "./program.ts";

export interface WrongClock {
  /** The executable on that machine. */
  readonly entry: string;
  /** By how much the clock is wrong from now on, milliseconds. */
  set(ms: number): void;
}

/** Copies the program of `entry` into `folder`, where each of its processes has a clock wrong by `ms`, until it is set. */
export function withWrongClock(entry: string, folder: string, ms: number): WrongClock {
  const dist = join(folder, "dist");
  const offset = join(folder, "offset");
  copyBundles(dirname(entry), dist);
  for (const name of readdirSync(dist).filter((file) => /\.[cm]js$/.test(file))) {
    const path = join(dist, name);
    writeFileSync(path, patch(offset) + readFileSync(path, "utf8").replace(/^#!.*\n/, ""));
  }
  const set = (by: number): void => {
    writeFileSync(`${offset}.next`, String(by));
    renameSync(`${offset}.next`, offset); // nobody reads half a number
  };
  set(ms);
  return { entry: join(dist, "agora.mjs"), set };
}

/** Stands before a bundle, of either module system. */
function patch(offset: string): string {
  return `"use strict";
globalThis.Date = ((Real) => {
  const { readFileSync } = process.getBuiltinModule("node:fs");
  let readAt = -Infinity;
  let ms = 0;
  const now = () => {
    if (performance.now() - readAt > 5) {
      ms = Number(readFileSync(${JSON.stringify(offset)}, "utf8"));
      readAt = performance.now();
    }
    return Real.now() + ms;
  };
  return new Proxy(Real, {
    construct: (target, words, self) => Reflect.construct(target, words.length === 0 ? [now()] : words, self),
    apply: () => new Real(now()).toString(),
    get: (target, name) => (name === "now" ? now : Reflect.get(target, name)),
  });
})(Date);
`;
}
