// Requirements that no test shows yet, each with the reason. Nothing ships while one stands here.
import type { RequirementId } from "./requirements.ts";

/** Id and reason. */
export const PENDING: Partial<Record<RequirementId, string>> = {};
