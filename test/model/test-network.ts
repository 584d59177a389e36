// The model of the whole system: members, a relay and the network between them in virtual time, and what may befall them.
import { generateKeyPair, type KeyPair } from "@agora/ports";
import { ask } from "../../packages/member/src/questions/ask.ts";
import { control } from "../../packages/member/src/controls/requests.ts";
import { say } from "../../packages/member/src/messages/say.ts";
import { type Death, ModelMember } from "./member.ts";
import { chance, weatherBy } from "./chance.ts";
import { ownerOf } from "./grants.ts";
import { ModelRelay } from "./relay.ts";
import { Timeline } from "./timeline.ts";

export const NAMES = ["alice", "bob", "carol"] as const;
/** Who owns the room. */
const OWNER = "alice";

/** By how much clocks are wrong from the beginning, milliseconds. */
const CLOCKS_OFF = [0, -24 * 3_600_000, -120_000, 3_600_000] as const;

/** What happens next, and how long it is quiet afterwards. */
export type Step = { readonly ms: number } & (
  | { readonly do: "say"; readonly who: string; readonly to: readonly string[]; readonly times: number }
  | {
      readonly do: "control";
      readonly act: "pause" | "resume" | "stop" | "reset" | "ban" | "unban";
      readonly whom: string;
    }
  | ({ readonly do: "die-soon"; readonly who: string } & Death)
  | { readonly do: "die"; readonly who: string; readonly power: boolean }
  | { readonly do: "leave" | "start" | "cut" | "deafen"; readonly who: string }
  | { readonly do: "sleep"; readonly who: string; readonly forMs: number }
  | { readonly do: "clock"; readonly who: string; readonly byMs: number }
  | { readonly do: "relay"; readonly how: "kill" | "end" | "start" }
);

/** Something said, and accepted. */
export interface Said {
  readonly id: string;
  readonly author: string;
  readonly to: readonly string[];
}

const root: KeyPair = generateKeyPair();

export class World {
  readonly timeline = new Timeline();
  readonly relay: ModelRelay;
  readonly members: readonly ModelMember[];
  readonly said: Said[] = [];
  readonly root = root.key;
  #bad = true;

  constructor(seed: number) {
    const random = chance(seed);
    const weather = weatherBy(random, () => this.#bad);
    this.relay = new ModelRelay(this.timeline, this.root);
    this.members = NAMES.map(
      (name) =>
        new ModelMember(name, {
          timeline: this.timeline,
          weather,
          random,
          root: this.root,
          dialled: (wire) => this.relay.accept(wire),
          relayLife: () => this.relay.lives,
        }),
    );
    // Whose clock is right is nobody's to know: a day behind, two minutes behind, an hour ahead, in any order.
    for (const member of this.members) member.machine.jump(CLOCKS_OFF[Math.floor(random() * CLOCKS_OFF.length)]!);
    const owner = this.member(OWNER);
    owner.ownerBy = (key) => ownerOf(root, OWNER, key);
  }

  member(name: string): ModelMember {
    return this.members.find((m) => m.name === name)!;
  }

  /** Everybody comes for the first time, in good weather. */
  async begin(): Promise<void> {
    this.#bad = false;
    this.relay.start();
    for (const member of this.members) member.start();
    await this.timeline.run(3_000);
    this.#bad = true;
  }

  async take(step: Step): Promise<void> {
    this.#do(step);
    await this.timeline.run(step.ms);
  }

  /** All is well again, and an operator has lifted every brake. */
  async settle(): Promise<void> {
    this.#bad = false;
    this.relay.start();
    for (const member of this.members) {
      member.machine.wake();
      member.dieSoon(undefined);
      member.start();
    }
    await this.timeline.run(1_000);
    for (const act of ["reset", "resume"] as const) this.#control(act, undefined);
    for (const name of NAMES)
      if (name !== OWNER) for (const act of ["unban", "resume"] as const) this.#control(act, name);
  }

  /** Everybody asks the next one something, for twenty minutes: what of it is not open at both, whatever their clocks say. */
  async closedQuestions(): Promise<readonly string[]> {
    const asked = await Promise.all(
      this.members.map(async ({ room, name }, n) => {
        const to = this.members[(n + 1) % this.members.length]!;
        const asking = ask(
          room!,
          { via: "cli", text: "Which?", to: [to.name], timeoutS: 1_200 },
          undefined,
          () => undefined,
        );
        await this.timeline.run(5_000);
        const result = await asking;
        return { name, to, result };
      }),
    );
    return asked.flatMap(({ name, to, result }) => {
      if (!result.ok) return [`${name} could not ask: ${result.message}`];
      return [this.member(name), to].flatMap(({ room, name: at }) => {
        const state = room?.questions.standing(result.value.id)?.state;
        return state === "open" ? [] : [`a question of ${name} to ${to.name} is ${state ?? "unknown"} at ${at}`];
      });
    });
  }

  /** Who was refused does not come by itself: a person starts it again. */
  insist(): void {
    for (const member of this.members) {
      if (member.room?.connection().state !== "refused") continue;
      member.leave();
      member.start();
    }
  }

  #do(step: Step): void {
    switch (step.do) {
      case "say":
        for (let n = 0; n < step.times; n += 1) this.#say(step.who, step.to);
        return;
      case "control":
        return this.#control(step.act, step.whom === OWNER ? undefined : step.whom);
      case "die-soon":
        return this.member(step.who).dieSoon({ left: step.left, after: step.after, power: step.power });
      case "die":
        return this.member(step.who).die(step.power);
      case "leave":
        return this.member(step.who).leave();
      case "start":
        return this.member(step.who).start();
      case "cut":
        return this.member(step.who).cut();
      case "deafen":
        return this.member(step.who).deafen();
      case "sleep": {
        const { machine } = this.member(step.who);
        machine.sleep();
        this.timeline.after(step.forMs, () => machine.wake());
        return;
      }
      case "clock": {
        const { machine } = step.who === "relay" ? this.relay : this.member(step.who);
        return machine.jump(step.byMs);
      }
      case "relay":
        if (step.how === "kill") this.relay.kill();
        else if (step.how === "end") this.relay.end();
        else this.relay.start();
    }
  }

  #say(who: string, to: readonly string[]): void {
    const { room, machine } = this.member(who);
    if (room === undefined || machine.sleeps) return;
    const others = to.filter((name) => name !== who);
    if (to.length > 0 && others.length === 0) return;
    void say(room, { via: "cli", text: `by ${who}`, to: others }, undefined).then((result) => {
      if (result.ok && result.value.id !== "") this.said.push({ id: result.value.id, author: who, to: others });
    });
  }

  #control(act: Extract<Step, { do: "control" }>["act"], whom: string | undefined): void {
    const { room, machine } = this.member(OWNER);
    if (room === undefined || machine.sleeps) return;
    const isRooms = act === "stop" || act === "reset";
    if (whom === undefined && (act === "ban" || act === "unban")) return;
    void control(room, { via: "cli", act, ...(isRooms || whom === undefined ? {} : { member: whom }) });
  }
}
