// What a feature is to the kernel: a part that later features may use, what it does at the kernel's events, and the requests it
// answers. Features are started in the order of features.ts; a feature uses those before it, by importing them.
import type { Handlers } from "@agora/ipc";
import type { Hooks } from "./hooks.ts";
import type { Kernel } from "./kernel.ts";
import type { Slice } from "./slice.ts";

/** A feature that runs. */
export interface Started<Part> {
  /** What later features use of it. */
  readonly part: Part;
  readonly hooks?: Hooks;
  readonly requests?: Partial<Handlers>;
}

export interface Feature<Part> {
  readonly name: string;
  /** What it remembers. */
  readonly slice?: Slice;
  start(kernel: Kernel, use: Use): Started<Part>;
}

/** Gives the part of a feature that was started before. */
export type Use = <Part>(feature: Feature<Part>) => Part;

/** Declares a feature; its part's type is inferred. */
export function defineFeature<Part>(feature: Feature<Part>): Feature<Part> {
  return feature;
}
