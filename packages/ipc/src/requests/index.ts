// Every request by name: the rows of all features.
import type { AnyRequest } from "../define-request.ts";
import type { RequestName } from "../messages.ts";
import { attentionRequests } from "./attention.ts";
import { messageRequests } from "./messages.ts";
import { presenceRequests } from "./presence.ts";
import { pingRequests } from "./ping.ts";
import { trustRequests } from "./trust.ts";
import { deviceRequests } from "./devices.ts";
import { ownStateRequests } from "./own-state.ts";
import { inboxRequests } from "./inbox.ts";
import { lobbyRequests } from "./lobby.ts";
import { mailboxRequests } from "./mailbox.ts";
import { activityRequests } from "./activity.ts";
import { cardRequests } from "./card.ts";
import { controlRequests } from "./controls.ts";
import { questionRequests } from "./questions.ts";
import { decisionRequests } from "./decisions.ts";
import { fileRequests } from "./files.ts";
import { chainRequests } from "./chains.ts";
import { channelRequests } from "./channels.ts";
import { connectionRequests } from "./connection.ts";
import { reactionRequests } from "./reactions.ts";
import { processRequests } from "./process.ts";
import { seatRequests } from "./seats.ts";
import { wakingRequests } from "./waking.ts";

export const REQUESTS = {
  ...messageRequests,
  ...attentionRequests,
  ...presenceRequests,
  ...pingRequests,
  ...trustRequests,
  ...deviceRequests,
  ...ownStateRequests,
  ...inboxRequests,
  ...mailboxRequests,
  ...controlRequests,
  ...cardRequests,
  ...lobbyRequests,
  ...questionRequests,
  ...decisionRequests,
  ...reactionRequests,
  ...fileRequests,
  ...chainRequests,
  ...activityRequests,
  ...channelRequests,
  ...connectionRequests,
  ...processRequests,
  ...seatRequests,
  ...wakingRequests,
} as const;

const ROWS: Readonly<Record<string, AnyRequest>> = REQUESTS;

/** The row of a request; undefined when there is none by that name. */
export function rowOf(name: RequestName): AnyRequest;
export function rowOf(name: string): AnyRequest | undefined;
export function rowOf(name: string): AnyRequest | undefined {
  return Object.hasOwn(ROWS, name) ? ROWS[name] : undefined;
}

/** The requests whose row satisfies `are`. */
export function requestsThat(are: (row: AnyRequest) => boolean): readonly RequestName[] {
  return (Object.keys(REQUESTS) as RequestName[]).filter((name) => are(rowOf(name)));
}

/** Whether a request accepts an argument. */
export function takes(row: AnyRequest, argument: string): boolean {
  return argument in row.args.shape;
}
