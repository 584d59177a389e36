// What a member of a room can do: the features, each started after those it uses.
import { activity } from "./activity/feature.ts";
import { attention } from "./attention/feature.ts";
import { card } from "./card/feature.ts";
import { chains } from "./chains/feature.ts";
import { channels } from "./channels/feature.ts";
import { interventions } from "./controls/carry-out.ts";
import { controls } from "./controls/feature.ts";
import { keys } from "./keys/feature.ts";
import { files } from "./files/feature.ts";
import { healing } from "./healing/feature.ts";
import { inbox } from "./inbox/feature.ts";
import type { Feature } from "./kernel/feature.ts";
import { deliveries } from "./deliveries/feature.ts";
import { decisions } from "./decisions/feature.ts";
import { mailbox } from "./mailbox/feature.ts";
import { messages } from "./messages/feature.ts";
import { linking } from "./linking/feature.ts";
import { lobby } from "./lobby/feature.ts";
import { ownership } from "./ownership/feature.ts";
import { ownState } from "./own-state/feature.ts";
import { ping } from "./ping/feature.ts";
import { presence } from "./presence/feature.ts";
import { questions } from "./questions/feature.ts";
import { record } from "./record/feature.ts";
import { reactions } from "./reactions/feature.ts";
import { seats } from "./seats/feature.ts";
import { trust } from "./trust/feature.ts";

export const FEATURES: readonly Feature<unknown>[] = [
  keys,
  controls,
  card,
  channels,
  files,
  inbox,
  chains,
  seats,
  questions,
  interventions,
  healing,
  deliveries,
  ownState,
  messages,
  mailbox,
  decisions,
  reactions,
  presence,
  activity,
  trust,
  lobby,
  linking,
  ping,
  record,
  ownership,
  attention,
];
