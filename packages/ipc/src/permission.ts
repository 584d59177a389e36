// Who may make a request, judged by its row and by how it arrived.
import type { AnyRequest } from "./define-request.ts";
import type { RequestName } from "./messages.ts";
import { personOnlyWords } from "./person-only.ts";
import { rowOf } from "./requests/index.ts";
import { roleOf, type Via } from "./via.ts";

/**
 * Why the asker may not make this request of a member: one sentence that tells an agent whom to ask. Undefined when it may.
 *
 * @param args as validated by the request's schema
 */
export function refusalOf(name: RequestName, args: { readonly via?: Via }): string | undefined {
  return refusalBy(rowOf(name), args, name);
}

/** The same by a row, whatever table it is of. */
export function refusalBy(
  { who, refusal }: Pick<AnyRequest, "who" | "refusal">,
  args: { readonly via?: Via },
  name = "that",
): string | undefined {
  const needed = typeof who === "function" ? who(args as never) : who;
  if (needed === "anyone" || (args.via !== undefined && roleOf(args.via) === "user")) return undefined;
  return typeof refusal === "function" ? refusal(args as never) : (refusal ?? personOnlyWords(name));
}
