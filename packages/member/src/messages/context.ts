// What the requests of messages use: the kernel, and the parts of the features that a message may have to do with.
import type { ChainKeeper } from "../chains/keeper.ts";
import type { Channels } from "../channels/keeper.ts";
import type { OperatorControls } from "../controls/keeper.ts";
import type { MemberFiles } from "../files/feature.ts";
import type { Inbox } from "../inbox/feature.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { QuestionKeeper } from "../questions/keeper.ts";
import type { Seats } from "../seats/keeper.ts";

export interface Context extends Kernel {
  readonly chains: ChainKeeper;
  readonly channels: Channels;
  readonly controls: OperatorControls;
  readonly files: MemberFiles;
  readonly inbox: Inbox;
  readonly questions: QuestionKeeper;
  readonly seats: Seats;
}
