// A client whose files may begin with a byte order mark: edits don't see it, and it stays where it was.
import { ok } from "@agora/user-config";
import { splitMark } from "@agora/ports/read-text";
import type { Client } from "./client.ts";

/** Wraps a client so that the mark isn't part of the text. */
export function pastMark(client: Client): Client {
  const { forget } = client;
  return {
    ...client,
    add(text, launch, name) {
      const [mark, rest] = splitMark(text ?? "");
      const added = client.add(text === undefined ? undefined : rest, launch, name);
      return added.ok ? ok(mark + added.value) : added;
    },
    remove(text, name) {
      const [mark, rest] = splitMark(text);
      const removed = client.remove(rest, name);
      return removed.ok ? ok(mark + removed.value) : removed;
    },
    has: (text, name) => client.has(splitMark(text)[1], name),
    ...(forget === undefined
      ? {}
      : {
          forget(text, name) {
            const [mark, rest] = splitMark(text);
            return mark + forget(rest, name);
          },
        }),
  };
}
