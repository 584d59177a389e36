// Who may make a request, judged by its row and by how it arrived.
import type { RequestName } from "./messages.ts";
import { personOnlyWords } from "./person-only.ts";
import { rowOf } from "./requests/index.ts";
import { roleOf, type Via } from "./via.ts";

/**
 * Why the asker may not make this request: one sentence that tells an agent whom to ask. Undefined when it may.
 *
 * @param args as validated by the request's schema
 */
export function refusalOf(name: RequestName, args: { readonly via?: Via }): string | undefined {
  const { who, refusal } = rowOf(name);
  const needed = typeof who === "function" ? who(args as never) : who;
  if (needed === "anyone" || (args.via !== undefined && roleOf(args.via) === "user")) return undefined;
  return typeof refusal === "function" ? refusal(args as never) : (refusal ?? personOnlyWords(name));
}
