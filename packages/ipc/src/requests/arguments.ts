// Arguments that many requests share.
import * as z from "zod/mini";
import { isSeatName } from "@agora/protocol";
import { VIAS } from "../via.ts";

/** Required wherever the answer depends on who asks. */
export const via = z.enum(VIAS);
export const mode = z.enum(["manual", "auto"]);
export const text = z.string();
/** A client's word names its seats, and other members are told them. */
export const client = z.string().check(z.refine(isSeatName));
/** Chosen by the caller: asked again with it, the request is not done a second time. The event it makes has this id. */
export const once = z.optional(text);
export const seconds = z.number().check(z.nonnegative(), z.maximum(86_400));
