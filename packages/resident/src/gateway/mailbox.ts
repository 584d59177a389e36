// The mailbox of a gateway member, as REST and MCP share it: requests made as the seat that reads. Showing something to an
// agent has consequences: what was really given is reported with `take`, so that it counts as handed and its hop carries over.
import type { IpcCode, MailItem, Results } from "@agora/ipc";
import type { Clock } from "@agora/ports";
import { ok, type Result } from "@agora/protocol";
import type { Call } from "./call.ts";
import type { GatewayMember, SeatKind } from "./member.ts";
import { toWire, type WireItem } from "./wire-line.ts";

/** Whose mailbox is read, and through which interface. */
export interface Reader {
  readonly member: GatewayMember;
  readonly kind: SeatKind;
  /** The person reads; otherwise a model does. */
  readonly person: boolean;
}

/** The reader that a REST request stands for. */
export function readerOf({ member, principal }: Pick<Call, "member" | "principal">): Reader {
  return { member, kind: "rest", person: principal.person };
}

/** How much waits for a reader. */
export interface Waiting {
  /** Items after the cursor that no brake holds. */
  readonly due: number;
  /** Items that nobody was given yet and no brake holds. */
  readonly unread: number;
}

/** What waits after the position `after`; reading it doesn't count as being given it. */
export function readMail(
  { member, kind, person }: Reader,
  after: number,
  limit: number,
): Promise<Result<Results["mail"], IpcCode>> {
  return member.ask(kind, "mail", { via: member.viaOf(person), after, limit });
}

/** How much waits, from the beginning unless `after` says otherwise. Doesn't count as a sign of life. */
export async function countMail({ member, kind, person }: Reader, after = 0): Promise<Result<Waiting>> {
  return member.look(kind, { via: member.viaOf(person), after, limit: 0 });
}

/** Reports that these lines were given to the reader. */
export function take(
  { member, kind }: Reader,
  given: readonly { readonly position: number }[],
): Promise<Result<unknown>> {
  if (given.length === 0) return Promise.resolve(ok({}));
  return member.ask(kind, "taken", { positions: given.map(({ position }) => position) });
}

/** An item as programs read it over HTTP. */
export function toWireItem(item: MailItem, { cursors }: GatewayMember): WireItem {
  return {
    ...toWire(item, cursors),
    ...(item.answers === undefined ? {} : { answers: item.answers }),
    ...(item.held === undefined ? {} : { held: item.held }),
  };
}

/**
 * Resolves as soon as `isEnough` accepts what waits, or after `ms` milliseconds. A mailbox that can't be read isn't waited for.
 *
 * @param onBegin called once the wait has begun, with a function that ends it
 */
export async function awaitMail(
  reader: Reader & { readonly clock: Clock; readonly after?: number; readonly ms: number },
  isEnough: (waiting: Waiting) => boolean,
  onBegin: (finish: () => void) => void,
): Promise<void> {
  const isOver = async (): Promise<boolean> => {
    const waiting = await countMail(reader, reader.after);
    return !waiting.ok || isEnough(waiting.value);
  };
  if (reader.ms <= 0 || (await isOver())) return;
  await new Promise<void>((resolve) => {
    const finish = (): void => {
      off();
      cancel();
      resolve();
    };
    const off = reader.member.on("inbox", () => {
      void isOver().then((over) => {
        if (over) finish();
      });
    });
    const cancel = reader.clock.after(reader.ms, finish);
    onBegin(finish);
  });
}
