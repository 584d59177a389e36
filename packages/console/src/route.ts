// Where the page is, in the address's fragment: so that "back" works and places can be linked.
import { signal } from "@preact/signals";

export const VIEWS = [
  "attention",
  "room",
  "channels",
  "inbox",
  "questions",
  "threads",
  "people",
  "board",
  "flow",
  "health",
  "settings",
] as const;
export type View = (typeof VIEWS)[number];

export interface Route {
  readonly view: View | "with" | "channel" | "search" | "at";
  /** Who the view `with` is about, which channel, the search, or `at` which message or time. */
  readonly name?: string;
  /** The thread open beside it. */
  readonly thread?: string;
  /** The message to show. */
  readonly message?: string;
}

/** Parses `#/room/thread=ID`, `#/with/bob`, `#/channel/build`, `#/room/message=ID`. */
export function readRoute(hash: string): Route {
  const [word = "", ...rest] = hash.replace(/^#\/?/, "").split("/");
  const extras = Object.fromEntries(
    rest.flatMap((part) => {
      const match = /^(thread|message)=([0-9a-z]{1,40})$/.exec(part);
      return match === null ? [] : [[match[1]!, match[2]!]];
    }),
  );
  if (word === "with" || word === "channel" || word === "search" || word === "at") {
    const name = decode(rest[0] ?? "");
    return { view: word, name, ...extras };
  }
  const view = VIEWS.find((one) => one === word) ?? "room";
  return { view, ...extras };
}

/** The address of a route. */
export function hrefOf({ view, name, thread, message }: Route): string {
  return [
    `#/${view}`,
    ...(name === undefined ? [] : [encodeURIComponent(name)]),
    ...(thread === undefined ? [] : [`thread=${thread}`]),
    ...(message === undefined ? [] : [`message=${message}`]),
  ].join("/");
}

export const route = signal<Route>({ view: "room" });

/** Navigates to a route. */
export function go(to: Route): void {
  const href = hrefOf(to);
  if (location.hash === href) route.value = readRoute(href);
  else location.hash = href;
}

/** The same view with another thread beside it, or none. */
export function withThread(thread: string | undefined): Route {
  const { thread: _, message: __, ...rest } = route.peek();
  return thread === undefined ? rest : { ...rest, thread };
}

/** Follows changes of the address. */
export function followAddress(): void {
  const read = (): void => {
    route.value = readRoute(location.hash);
  };
  addEventListener("hashchange", read);
  read();
}

function decode(word: string): string {
  try {
    return decodeURIComponent(word);
  } catch {
    return "";
  }
}
