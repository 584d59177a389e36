// Files of the room, as they lie here.
import * as z from "zod/mini";
import { defineRequest, gives } from "../define-request.ts";
import { text } from "./arguments.ts";

export interface StoredFileResult {
  /** Relative to the project's root. */
  readonly path: string;
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Hex. */
  readonly sha256: string;
}

export const fileRequests = {
  /** Where the file of an event lies. */
  storedFile: defineRequest({ args: z.object({ id: text }), result: gives<StoredFileResult>(), who: "anyone" }),
} as const;
