// Opens what a member remembers: the kernel's store, with the slices of all features.
import type { Result } from "@agora/protocol";
import { FEATURES } from "./features.ts";
import { createFolding } from "./kernel/folding.ts";
import { openStoreWith, type Store, type StoreOptions } from "./kernel/store.ts";

/** The folds of a member with all its features. */
export const FOLDING = createFolding(FEATURES.flatMap(({ slice }) => slice ?? []));

/** Opens the memory of the member that `mark` names; you must close it. Torn ends were set aside and logged. */
export function openStoreOn(options: Omit<StoreOptions, "folding">): Result<Store, "disk"> {
  return openStoreWith({ ...options, folding: FOLDING });
}
