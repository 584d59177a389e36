// Whose word a request takes: judged by its row and by the way it came in.
import type { RequestName } from "./messages.ts";
import { personOnlyWords } from "./person-only.ts";
import { rowOf } from "./requests/index.ts";
import { roleOf, type Via } from "./via.ts";

/**
 * Why a request isn't the asker's to make: one sentence that tells an agent whom to ask. Undefined when it may be made.
 *
 * @param args as the request's schema checked them
 */
export function refusalOf(name: RequestName, args: { readonly via?: Via }): string | undefined {
  const { who, refusal } = rowOf(name);
  const needed = typeof who === "function" ? who(args as never) : who;
  if (needed === "anyone" || (args.via !== undefined && roleOf(args.via) === "user")) return undefined;
  return typeof refusal === "function" ? refusal(args as never) : (refusal ?? personOnlyWords(name));
}
