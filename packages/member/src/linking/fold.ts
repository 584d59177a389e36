// The links for other devices that this member made, as its journal has them: which device came by each, and which were refused.
import type { NewDevice } from "@agora/protocol";
import { putLatest } from "../kernel/latest.ts";

/** A device that knocked by a link. */
export interface Asker extends Pick<NewDevice, "key" | "proof" | "box"> {
  /** The hash of its keys and the link's, of which the six words are made. */
  readonly print: string;
  /** Its member key. */
  readonly member: string;
  readonly called: string;
  /** When it first asked, unix milliseconds. */
  readonly at: number;
}

/** A link; plain JSON. */
export interface MadeLink {
  readonly id: string;
  readonly at: number;
  /** Its end, seconds by the room's time. */
  readonly exp: number;
  /** What its person called the new device beforehand. */
  readonly called?: string;
  /** Who came by it. */
  readonly used?: Asker;
  /** The prints of those whom the person refused. */
  readonly refused: readonly string[];
}

export type LinkRecord =
  | { readonly op: "device-link"; readonly link: MadeLink }
  | { readonly op: "device-linked"; readonly id: string; readonly asker: Asker }
  | { readonly op: "device-refused"; readonly id: string; readonly print: string };

/** The kinds of its lines. */
export const LINK_OPS = [
  "device-link",
  "device-linked",
  "device-refused",
] as const satisfies readonly LinkRecord["op"][];

/** Links that are remembered: each holds for ten minutes. */
const MAX_LINKS = 32;
const MAX_REFUSED = 64;

/** Folds one line, in place. */
export function foldLinks(links: Record<string, MadeLink>, record: LinkRecord): void {
  if (record.op === "device-link") {
    if (links[record.link.id] === undefined) putLatest(links, record.link.id, record.link, MAX_LINKS);
    return;
  }
  const link = links[record.id];
  if (link === undefined) return;
  if (record.op === "device-linked")
    links[record.id] = link.used === undefined ? { ...link, used: record.asker } : link;
  else links[record.id] = { ...link, refused: [...new Set([...link.refused, record.print])].slice(-MAX_REFUSED) };
}

/** Why a link lets nobody new in at this time (unix milliseconds by the room's time). */
export function endOfLink({ used, exp }: MadeLink, nowMs: number): "used" | "expired" | undefined {
  if (used !== undefined) return "used";
  return nowMs / 1_000 >= exp ? "expired" : undefined;
}
