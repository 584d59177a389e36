// Who is here and who was: kind, owner, sessions, what they are doing, and how they can be woken.
import type { Member } from "@agora/ipc/messages";
import type { VNode } from "preact";
import { permissionWords } from "./permission-words.ts";
import { act, control } from "./acts.ts";
import { Avatar } from "./avatar.tsx";
import { confirm } from "./dialog.tsx";
import { LobbyPanel } from "./lobby-panel.tsx";
import { OperatorButtons, OperatorPanel } from "./operator-panel.tsx";
import { Page } from "./page.tsx";
import { mayOperate, members, status } from "./room.ts";
import { WakeRule } from "./reply-rules.tsx";
import { hrefOf } from "./route.ts";
import { agoWords, sinceWords } from "./time-words.ts";

export function PeopleView(): VNode {
  const here = members.value.filter(({ online }) => online);
  const away = members.value.filter(({ online }) => !online);
  return (
    <Page label="People">
      {mayOperate.value && <OperatorPanel />}
      <LobbyPanel />
      <section aria-labelledby="people-here">
        <h2 id="people-here">Here now ({here.length})</h2>
        <ul class="cards">
          {here.map((member) => (
            <MemberCard key={member.name} member={member} />
          ))}
        </ul>
      </section>
      {away.length > 0 && (
        <section aria-labelledby="people-away">
          <h2 id="people-away">Away ({away.length})</h2>
          <ul class="cards">
            {away.map((member) => (
              <MemberCard key={member.name} member={member} />
            ))}
          </ul>
        </section>
      )}
    </Page>
  );
}

function MemberCard({ member }: { readonly member: Member }): VNode {
  const { name, you, online, seats } = member;
  const facts = [
    member.owner === undefined ? undefined : `of ${member.owner}`,
    member.client,
    [member.host, member.dir].filter((fact) => fact !== undefined).join(":") || undefined,
    member.branch === undefined ? undefined : `on ${member.branch}`,
    member.devices === undefined ? undefined : `with ${deviceWords(member.devices)}`,
    member.awaySince === undefined || online ? undefined : `away since ${agoWords(member.awaySince, Date.now())}`,
    member.since === undefined || !online ? undefined : `here for ${sinceWords(member.since, Date.now())}`,
  ].filter((fact) => fact !== undefined);
  return (
    <li class="card member">
      <header>
        <Avatar name={name} agent={member.kind === "agent"} />
        <a class="author" href={hrefOf({ view: "with", name })}>
          {name}
        </a>
        {you && <span class="tag">you</span>}
        <span class="tag">{member.kind ?? "member"}</span>
        {member.grant !== undefined && member.grant !== "member" && <span class="tag">{member.grant}</span>}
        {member.mode !== undefined && <span class="tag">{member.mode} mode</span>}
        {member.paused === true && <span class="tag bad">paused</span>}
        {member.idle === true && <span class="tag">quiet for long</span>}
        {member.verified === true && <span class="tag">verified</span>}
        {member.keyChanged === true && <span class="tag bad">another key</span>}
        <span class={online ? "presence on" : "presence"}>{online ? "here" : "away"}</span>
      </header>
      {member.status !== undefined && <p>{member.status}</p>}
      {facts.length > 0 && <p class="dim">{facts.join(" · ")}</p>}
      {seats.length > 0 && (
        <ul class="seats" aria-label={`Sessions of ${name}`}>
          {seats.map((seat) => (
            <li>
              <code>{seat.seat}</code>
              <span class="dim">{seatWords(seat)}</span>
              {you && <Rung seat={seat.seat} />}
              {mayOperate.value && (
                <button
                  type="button"
                  class="quiet"
                  onClick={() =>
                    void control(
                      { act: "interrupt", member: name, seat: seat.seat },
                      { title: `Interrupt ${name}/${seat.seat}?`, action: "Interrupt" },
                    )
                  }
                >
                  Interrupt
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
      <WakeRule member={member} />
      {member.keyChanged === true && <Trust name={name} />}
      {mayOperate.value && !you && <OperatorButtons member={member} />}
    </li>
  );
}

function deviceWords(devices: NonNullable<Member["devices"]>): string {
  const names = devices.map(({ name, host }) => name ?? host).filter((name) => name !== undefined);
  return `${devices.length} devices${names.length < devices.length ? "" : ` (${names.join(", ")})`}`;
}

function seatWords(seat: Member["seats"][number]): string {
  const state = !seat.connected
    ? "not connected"
    : seat.waiting === true
      ? permissionWords(seat)
      : seat.busy
        ? "working"
        : "idle";
  return `${state}, ${seat.reachable ? "can be woken" : "reads at its next prompt"}`;
}

/** When one of the person's own sessions last showed that it was woken. */
function Rung({ seat }: { readonly seat: string }): VNode | null {
  const rung = status.value?.rungs.filter((one) => one.seat === seat).sort((a, b) => b.at - a.at)[0];
  if (rung === undefined) return null;
  return (
    <span class="dim">
      last sign by {rung.rung}, {agoWords(rung.at, Date.now())}
    </span>
  );
}

function Trust({ name }: { readonly name: string }): VNode {
  const trust = async (): Promise<void> => {
    const sure = await confirm({
      title: `Trust the new key of ${name}?`,
      text: "Ask them first, by another way: whoever holds this key speaks as them from now on.",
      action: "Trust it",
      danger: true,
    });
    if (sure !== undefined) await act("trust", { name }, `${name} is trusted with the new key.`);
  };
  return (
    <p class="note bad">
      Its key is not the one known here: everything from it is refused.{" "}
      <button type="button" class="quiet" onClick={() => void trust()}>
        Trust the new key …
      </button>
    </p>
  );
}
