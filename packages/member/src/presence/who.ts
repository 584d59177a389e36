// Who is in the room, for whoever asks: those here, those somebody waits for, a few of those who left, and a count of the rest. A
// room that sees a new name with every run of a CI would otherwise tell of a thousand who are gone.
import type { Member, RequestArgs, Results } from "@agora/ipc";
import { isUndelivered } from "../kernel/delivery.ts";
import { allSent } from "../deliveries/slice.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { Inbox } from "../inbox/feature.ts";
import type { Seats } from "../seats/keeper.ts";

/** What these requests use. */
export type Context = Kernel & { readonly seats: Seats; readonly inbox: Pick<Inbox, "mayWake"> };

/** Members told of at most, those needed first. */
const MAX_TOLD = 200;
/** Of those who are away and whom nobody waits for, the ones told of: first those who spoke or were addressed. */
const MAX_AWAY = 20;

/** The members that matter now; `all`: everybody known, `name`: those whose names begin so. */
export function who(room: Context, { all, name: word }: RequestArgs<"who">): Results["who"] {
  const begin = word?.replace(/^@/, "").toLowerCase();
  const known = room.members.list().filter(({ name }) => begin === undefined || name.startsWith(begin));
  const needed = neededBy(room);
  const isNeeded = (one: Member): boolean =>
    one.online || one.you || one.keyChanged === true || one.paused === true || needed.has(one.name);
  const spoke = ({ name }: Member): number => (room.pins.get(name)?.only === undefined ? 0 : 1);
  const away = known.filter((one) => !isNeeded(one)).sort((a, b) => spoke(a) - spoke(b));
  const told = [...known.filter(isNeeded), ...away.slice(0, MAX_AWAY)].slice(0, MAX_TOLD);
  const members = (all === true ? known : told).map((one) =>
    room.inbox.mayWake(one.name) ? one : { ...one, onlyLeavesWord: true as const },
  );
  const left = known.length - members.length;
  return {
    room: room.room,
    you: room.me,
    connection: room.connection(),
    members,
    ...(left > 0 ? { left } : {}),
    rungs: room.seats.rungs(),
  };
}

/** Who waits for this member, and whom it waits for. */
function neededBy({ store }: Context): ReadonlySet<string> {
  const names = new Set(Object.values(store.state.inbox).map(({ from }) => from));
  for (const { recipients } of allSent(store.state))
    for (const [name, recipient] of Object.entries(recipients)) if (isUndelivered(recipient)) names.add(name);
  return names;
}
