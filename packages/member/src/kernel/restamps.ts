// The places that events were given after their lines were written, for whoever reads the history from its end: the latest first.
import { type HistoryRecord, keptHead, type RestampRecord } from "./record.ts";

export interface Restamps {
  /** A restamp that was met on the way back. */
  note(line: RestampRecord): void;
  /** The latest of an event's, if one was met. */
  of(record: HistoryRecord): RestampRecord | undefined;
}

/** Creates the collection, empty. Authors choose ids, and one may choose another's: a restamp counts for the event of its own author. */
export function createRestamps(): Restamps {
  const byId = new Map<string, RestampRecord[]>();
  return {
    note(line) {
      const known = byId.get(line.restamp);
      if (known === undefined) byId.set(line.restamp, [line]);
      else if (!known.some(({ key }) => key === line.key)) known.push(line);
    },
    of(record) {
      const met = byId.get(record.id);
      const author = met === undefined ? undefined : keptHead(record)?.key;
      return met?.find(({ key }) => key === undefined || key === author);
    },
  };
}
