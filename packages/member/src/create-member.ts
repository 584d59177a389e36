// Makes a member of a room: a kernel, and the features on it.
import type { Handlers } from "@agora/ipc";
import { chains } from "./chains/feature.ts";
import { channels } from "./channels/feature.ts";
import { interventions } from "./controls/carry-out.ts";
import { controls } from "./controls/feature.ts";
import { FEATURES } from "./features.ts";
import { files } from "./files/feature.ts";
import { inbox } from "./inbox/feature.ts";
import type { Feature, Use } from "./kernel/feature.ts";
import { createKernel } from "./kernel/kernel.ts";
import type { MemberOptions, World } from "./kernel/member-options.ts";
import { runKernel } from "./kernel/run-kernel.ts";
import { presence } from "./presence/feature.ts";
import { questions } from "./questions/feature.ts";
import type { Room } from "./room.ts";
import { seats } from "./seats/feature.ts";

/** Wires a member in any world; `start` dials. */
export function createMember(options: MemberOptions, world: World): Room {
  const { kernel, state } = createKernel(options, world);
  const parts = new Map<Feature<unknown>, unknown>();
  const use: Use = <Part>(feature: Feature<Part>): Part => {
    if (!parts.has(feature)) throw new Error(`${feature.name} is used before it is started: see features.ts`);
    return parts.get(feature) as Part;
  };
  const requests: Partial<Handlers> = {};
  for (const feature of FEATURES) {
    const { part, hooks, requests: answered } = feature.start(kernel, use);
    for (const name of Object.keys(answered ?? {}))
      if (name in requests) throw new Error(`${feature.name} answers ${name}, which another feature answers`);
    Object.assign(requests, answered);
    parts.set(feature, part);
    if (hooks !== undefined) kernel.hooks.add(hooks);
  }
  return {
    ...kernel,
    controls: use(controls),
    channels: use(channels),
    files: use(files),
    inbox: use(inbox),
    chains: use(chains),
    seats: use(seats),
    questions: use(questions),
    obey: use(interventions).obey,
    doing: use(presence),
    requests,
    ...runKernel(kernel, state),
  };
}
