// The room's card as surfaces ask for it: shown, and changed field by field.
import type { IpcCode, RequestArgs, Results } from "@agora/ipc";
import {
  type Card,
  CARD,
  cardSchema,
  fail,
  harmlessLine,
  isRepositoryLabel,
  isRepositoryUrl,
  MAX_CARD_PURPOSE_CHARS,
  MAX_CARD_TITLE_CHARS,
  MAX_REPOSITORIES,
  ok,
  type Repository,
  type Result,
} from "@agora/protocol";
import type { OperatorControls } from "../controls/keeper.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { CardKeeper } from "./keeper.ts";

/** What these requests use. */
export type Context = Kernel & { readonly controls: OperatorControls; readonly card: CardKeeper };

/** How long a card waits for the relay before it is answered as queued, milliseconds. */
const STAMP_WITHIN_MS = 3_000;

/** The card as it stands, and whether this member may set it. */
export function card(room: Context): Results["card"] {
  const now = room.card.now();
  const mine = room.controls.grantFor("card") === undefined ? {} : { mine: true as const };
  if (now === undefined) return { room: room.room, repositories: [], ...mine };
  const { title, purpose, repositories = [] } = now.card;
  return {
    room: room.room,
    ...(title === undefined ? {} : { title }),
    ...(purpose === undefined ? {} : { purpose }),
    ...{ repositories, by: now.by, at: now.at },
    ...mine,
  };
}

/** Sets what is given and leaves the rest of the card as it is; an empty text takes a field away. */
export async function setCard(
  room: Context,
  args: RequestArgs<"setCard">,
): Promise<Result<Results["setCard"], IpcCode>> {
  const grant = room.controls.grantFor("card");
  if (grant === undefined)
    return fail("not-allowed", "The room's card is set by an operator or a lead: ask one of them to make you one.");
  const changed = change(room.card.now()?.card ?? {}, args);
  if (!changed.ok) return changed;
  const body = cardSchema.safeParse({ ...changed.value, grant });
  if (!body.success) return fail("bad-request", "The card holds something that no card may hold.");
  const event = room.events.make({
    ...{ role: "user", kind: "card", to: [], body: JSON.stringify(body.data), media: CARD },
    time: room.card.time(),
    id: args.once,
  });
  const queued = await room.outbox.queue(event, [], "the room's card");
  if (!queued.ok) return queued;
  const { id } = event.head;
  await room.outbox.settled(id, STAMP_WITHIN_MS);
  const own = room.store.state.outbox[id];
  if (own?.state === "rejected")
    return fail("not-allowed", `The relay refused it: ${own.reason ?? "no reason was given"}`);
  const waits = room.outbox.waits(id);
  room.card.take(event);
  return ok({
    ...card(room),
    state: waits === undefined ? "relayed" : "queued",
    ...(waits === undefined ? {} : { reason: waits }),
  });
}

function change(now: Card, args: RequestArgs<"setCard">): Result<Card, "bad-request" | "too-long"> {
  const title = text("title", args.title, now.title, MAX_CARD_TITLE_CHARS);
  const purpose = text("purpose", args.purpose, now.purpose, MAX_CARD_PURPOSE_CHARS);
  if (!title.ok) return title;
  if (!purpose.ok) return purpose;
  const repositories = repositoriesOf(now.repositories ?? [], args);
  if (!repositories.ok) return repositories;
  return ok({
    ...(title.value === undefined ? {} : { title: title.value }),
    ...(purpose.value === undefined ? {} : { purpose: purpose.value }),
    ...(repositories.value.length === 0 ? {} : { repositories: [...repositories.value] }),
  });
}

function text(
  what: string,
  wish: string | undefined,
  now: string | undefined,
  most: number,
): Result<string | undefined, "too-long"> {
  if (wish === undefined) return ok(now);
  const line = harmlessLine(wish, Infinity);
  if (line.length > most) return fail("too-long", `The ${what} has at most ${most} characters.`);
  return ok(line === "" ? undefined : line);
}

function repositoriesOf(
  now: readonly Repository[],
  { repositories = [], without = [] }: RequestArgs<"setCard">,
): Result<readonly Repository[], "bad-request"> {
  const unknown = without.find((label) => !now.some((one) => one.label === label));
  if (unknown !== undefined)
    return fail("bad-request", `No repository on the card is called "${harmlessLine(unknown, 40)}".`);
  for (const { url, label } of repositories) {
    if (!isRepositoryLabel(label))
      return fail(
        "bad-request",
        `"${harmlessLine(label, 60)}" can't label a repository: 1 to 40 letters, digits, ".", "_" and "-".`,
      );
    // What is wrong may be a secret in it, so it is not repeated.
    if (!isRepositoryUrl(url))
      return fail(
        "bad-request",
        `The address of ${label} must be https, ssh or git, or git@host:path, without a password, a token or a query.`,
      );
  }
  const labels = new Set([...without, ...repositories.map(({ label }) => label)]);
  const all = [...now.filter(({ label }) => !labels.has(label)), ...repositories];
  if (new Set(all.map(({ label }) => label)).size !== all.length)
    return fail("bad-request", "Two repositories with the same label: give each its own.");
  return all.length > MAX_REPOSITORIES
    ? fail("bad-request", `The card has room for ${MAX_REPOSITORIES} repositories.`)
    : ok(all);
}
