// Who may do something now: by the way in, and by what an operator decided.
import { roleOf, type Via } from "@agora/ipc/messages";
import { fail, type Failure, type Role } from "@agora/protocol";
import type { OperatorControls } from "./keeper.ts";
import type { Kernel } from "../kernel/kernel.ts";

/** An operator's stop refuses what is said, and an observer says nothing. [CONTROL-5] */
export function whyBarred(
  room: Pick<Kernel, "grant"> & { readonly controls: Pick<OperatorControls, "brake" | "mayControl"> },
  role: Role,
): Failure<"stopped" | "not-allowed"> | undefined {
  if (room.grant() === "observer")
    return fail("not-allowed", "You are an observer here: you see the room and say nothing.");
  const brake = room.controls.brake();
  if (brake?.act !== "stop" || (role === "user" && room.controls.mayControl())) return undefined;
  return fail("stopped", `Not sent: ${brake.words}.`);
}

/** Whether the way in carries a person's own words. */
export function isPerson(via: Via): boolean {
  return roleOf(via) === "user";
}
