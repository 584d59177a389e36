// Arguments shared by many requests.
import * as z from "zod/mini";
import { isSeatName } from "@agora/protocol";
import { VIAS } from "../via.ts";

/** Required wherever the answer depends on who asks. */
export const via = z.enum(VIAS);
export const mode = z.enum(["manual", "auto"]);
export const text = z.string();
/** The client's name; its seats are named after it, and other members see it. */
export const client = z.string().check(z.refine(isSeatName));
/** Chosen by the caller: repeating the request with the same value does nothing. The resulting event gets this id. */
export const once = z.optional(text);
export const seconds = z.number().check(z.nonnegative(), z.maximum(86_400));
