// One channel: its topic and members, what was said there, and a join button for people who aren't in it.
import type { ChannelState } from "@agora/ipc/messages";
import { harmlessLine } from "@agora/protocol";
import type { VNode } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import {
  archiveChannel,
  channelOf,
  joinChannel,
  leaveChannel,
  markChannelRead,
  removeFrom,
  setRole,
  setTopic,
} from "./channels.ts";
import { Feed } from "./feed.tsx";
import { select } from "./line-book.ts";
import { newSince } from "./read-marks.ts";
import { ChannelMode } from "./reply-rules.tsx";
import { book, loadApart, me } from "./room.ts";
import { hrefOf } from "./route.ts";
import { dropZone, Writing } from "./talk-views.tsx";

export function ChannelView({ name }: { readonly name: string }): VNode {
  const channel = channelOf(name);
  if (channel?.joined !== true) return <Outside name={name} members={channel?.members ?? []} />;
  return <Inside key={name} channel={channel} />;
}

function Outside({ name, members }: { readonly name: string; readonly members: readonly string[] }): VNode {
  return (
    <div class="page" role="region" aria-label={`Channel ${name}`} tabIndex={0}>
      <div class="empty">
        <h2>#{name}</h2>
        <p>
          {members.length === 0
            ? "Nobody is in this channel now."
            : `${members.length === 1 ? `${members[0]} is` : `${members.join(", ")} are`} in it. What they say there is sent to them alone.`}
        </p>
        <button type="button" class="primary" onClick={() => void joinChannel(name)}>
          {members.length === 0 ? "Open it" : "Join"}
        </button>
      </div>
    </div>
  );
}

function Inside({ channel }: { readonly channel: ChannelState }): VNode {
  const { name } = channel;
  // As it is before what is shown here is marked as read.
  const [isNew] = useState(() => newSince(`#${name}`));
  useEffect(() => void loadApart({ channel: name, peek: true }), [name]);
  const lines = useMemo(() => select(book.value, (line) => line.channel === name), [book.value, name]);
  return (
    <div class="talk" {...dropZone}>
      <ChannelHead channel={channel} />
      <Feed
        label={`Messages of channel ${name}`}
        lines={lines}
        isNew={isNew}
        seen={(line) => {
          // The daemon counts what is unread there as a whole.
          if (line === lines.at(-1)) markChannelRead(name);
        }}
        empty={
          <div class="empty">
            <h2>Nothing was said here yet</h2>
          </div>
        }
      />
      {channel.archived === true || channel.observers?.includes(me.value) === true ? (
        <p class="observing">
          {channel.archived === true ? "This channel is archived: it can be read." : "You only read in this channel."}
        </p>
      ) : (
        <Writing place={`channel ${name}`} channel={name} placeholder={`Write to #${name}`} />
      )}
    </div>
  );
}

function ChannelHead({ channel }: { readonly channel: ChannelState }): VNode {
  const { name, topic, members, owner, mine = false, removed = [], observers = [], archived = false } = channel;
  return (
    <div class="channel-head" role="group" aria-label={`About channel ${name}`}>
      {archived && <span class="tag">archived</span>}
      <span class="topic">{topic === undefined ? <span class="dim">No topic</span> : harmlessLine(topic, 300)}</span>
      <details>
        <summary>
          {members.length} {members.length === 1 ? "member" : "members"}
        </summary>
        <ul aria-label={`Members of ${name}`}>
          {members.map((one) => (
            <li>
              <a href={hrefOf({ view: "with", name: one })}>{one}</a>
              {one === owner && <span class="tag">channel owner</span>}
              {!archived && observers.includes(one) && <span class="tag">only reads</span>}
              {removed.includes(one) && <span class="tag">removed, still listening</span>}
              {mine && one !== me.value && !archived && (
                <button
                  type="button"
                  class="quiet"
                  onClick={() => void setRole(name, one, observers.includes(one) ? "member" : "observer")}
                >
                  {observers.includes(one) ? "Let speak" : "Only read"}
                  <span class="visually-hidden"> {one}</span>
                </button>
              )}
              {mine && one !== me.value && !removed.includes(one) && (
                <button type="button" class="quiet" onClick={() => void removeFrom(name, one)}>
                  Remove<span class="visually-hidden"> {one}</span>
                </button>
              )}
            </li>
          ))}
        </ul>
      </details>
      <ChannelMode name={name} />
      {mine && (
        <button type="button" class="quiet" onClick={() => void setTopic(name)}>
          Set topic
        </button>
      )}
      {mine && (
        <button type="button" class="quiet" onClick={() => void archiveChannel(name, archived)}>
          {archived ? "Open again" : "Archive"}
        </button>
      )}
      <button type="button" class="quiet" onClick={() => void leaveChannel(name)}>
        Leave
      </button>
    </div>
  );
}
