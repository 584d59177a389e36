// The relay's key, as this browser remembers it for one member's room. The page comes from the same relay, so a changed key
// is corrected with an invite that names it.
import type { RelayPins } from "@agora/user-config";
import type { MemberDatabase } from "./database.ts";
import type { Writer } from "./writer.ts";

const PLACE = "relay";

/** Reads what is stored; `named`: the key that an invite has just named. [PROOF-3] */
export async function openBrowserRelayPins(
  db: MemberDatabase,
  writer: Writer,
  named: string | undefined,
): Promise<RelayPins> {
  let trust = named === undefined ? readTrust(await db.get("kept", PLACE)) : { key: named };
  return {
    known: () => trust,
    learn(next) {
      trust = next;
      writer.add({ store: "kept", put: PLACE, value: JSON.stringify(next) });
    },
  };
}

function readTrust(text: string | undefined): ReturnType<RelayPins["known"]> {
  const kept = JSON.parse(text ?? "{}") as { readonly key?: unknown; readonly isDirect?: unknown };
  return typeof kept.key === "string" ? { key: kept.key, isDirect: kept.isDirect === true } : {};
}
