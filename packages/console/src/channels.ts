// The channels as the page knows them: which exist, what is unread in them, and what a person does with them.
import type { ChannelState } from "@agora/ipc/messages";
import { computed } from "@preact/signals";
import { act } from "./acts.ts";
import { confirm } from "./dialog.tsx";
import { ask, channels } from "./room.ts";
import { go, route } from "./route.ts";

/** The channel whose messages are shown. */
const shown = computed(() => (route.value.view === "channel" ? route.value.name : undefined));

/** The channels this member is in. */
export const joined = computed(() => channels.value.filter((one) => one.joined));
/** Unread in all of them. */
export const unreadInChannels = computed(() => joined.value.reduce((sum, one) => sum + unreadIn(one), 0));

/** What nobody has seen yet; nothing for the channel being looked at. */
export function unreadIn({ name, unread }: ChannelState): number {
  return name === shown.value && !document.hidden ? 0 : unread;
}

/** The channel with this name, as far as it is known. */
export function channelOf(name: string): ChannelState | undefined {
  return channels.value.find((one) => one.name === name);
}

let reading: Promise<unknown> | undefined;

/** The person has seen what is said there: the daemon marks it read for every surface. */
export function markChannelRead(name: string): void {
  if ((channelOf(name)?.unread ?? 0) === 0 || reading !== undefined) return;
  reading = ask("history", { limit: 1, channel: name }).finally(() => {
    reading = undefined;
  });
}

/** Joins a channel; asks for a name if none is given. */
export async function joinChannel(given?: string): Promise<void> {
  const name =
    given ??
    (await confirm({
      title: "Join or open a channel",
      text: "Everybody in the room sees who is in it; what is said there is sent to them alone.",
      field: { label: "Its name", needed: true },
      action: "Join",
    }));
  if (name === undefined) return;
  const word = name.trim().replace(/^#/, "").toLowerCase();
  if (await act("channel", { act: "join", channel: word }, "")) go({ view: "channel", name: word });
}

export async function leaveChannel(name: string): Promise<void> {
  const words = await confirm({
    title: `Leave #${name}?`,
    text: "You are sent nothing of it any more. You may join again.",
    action: "Leave",
  });
  if (words !== undefined) await act("channel", { act: "leave", channel: name }, `You left #${name}.`);
}

export async function setTopic(name: string): Promise<void> {
  const text = await confirm({
    title: `The topic of #${name}`,
    field: { label: "Topic (empty takes it away)", needed: false },
    action: "Set",
  });
  if (text !== undefined) await act("channel", { act: "topic", channel: name, text }, "The topic is set.");
}

/** Lets a member only read in a channel, or speak again. */
export async function setRole(name: string, member: string, role: "observer" | "member"): Promise<void> {
  const done = role === "observer" ? `${member} only reads in #${name} now.` : `${member} may speak in #${name} again.`;
  await act("channel", { act: "role", channel: name, member, role }, done);
}

/** Archives a channel, after a confirmation, or opens it again. */
export async function archiveChannel(name: string, isArchived: boolean): Promise<void> {
  if (isArchived) return void (await act("channel", { act: "reopen", channel: name }, `#${name} is open again.`));
  const sure = await confirm({
    title: `Archive #${name}?`,
    text: "It stays readable, and nobody speaks there until it is opened again.",
    action: "Archive",
  });
  if (sure !== undefined) await act("channel", { act: "archive", channel: name }, `#${name} is archived.`);
}

/** Removes a member from a channel, after a confirmation. */
export async function removeFrom(name: string, member: string): Promise<void> {
  const words = await confirm({
    title: `Remove ${member} from #${name}?`,
    text: "Until admitted again, they are given nothing of it, and what they say there is not taken.",
    action: "Remove",
    danger: true,
  });
  if (words !== undefined) await act("channel", { act: "remove", channel: name, member }, `${member} was removed.`);
}
