// One room, live, as the handlers of requests use it: the kernel and the parts of all features.
import type { Handlers } from "@agora/ipc";
import type { ChainKeeper } from "./chains/keeper.ts";
import type { Channels } from "./channels/keeper.ts";
import type { Obey } from "./controls/requests.ts";
import type { OperatorControls } from "./controls/keeper.ts";
import type { MemberFiles } from "./files/feature.ts";
import type { Inbox } from "./inbox/feature.ts";
import type { Kernel } from "./kernel/kernel.ts";
import type { Running } from "./kernel/run-kernel.ts";
import type { Doing } from "./presence/feature.ts";
import type { QuestionKeeper } from "./questions/keeper.ts";
import type { Seats } from "./seats/keeper.ts";

export interface Room extends Kernel, Running {
  readonly controls: OperatorControls;
  readonly channels: Channels;
  readonly files: MemberFiles;
  readonly inbox: Inbox;
  readonly chains: ChainKeeper;
  readonly seats: Seats;
  readonly questions: QuestionKeeper;
  readonly doing: Doing;
  /** The requests that features answer. */
  readonly requests: Partial<Handlers>;
  /** Carries a control of our own out here, before the relay has taken it. */
  readonly obey: Obey;
}
