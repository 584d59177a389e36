// The table of frames: which handler takes what a client sends.
import { createVerifier } from "@agora/ports";
import {
  decodeChunk,
  type FromClient,
  type Greeting,
  type Hello,
  isLoopbackHost,
  VERSIONS,
  type Welcome,
  welcomeText,
} from "@agora/protocol";
import type { Connection } from "./connection.ts";
import type { RelayContext } from "./context.ts";
import { deliver } from "./deliver.ts";
import { join } from "./join.ts";
import { answerKnock, knock } from "./lobby.ts";
import { passChunk, passFileStep, passHeal, passReceipts } from "./pass.ts";
import { checkHello } from "./hello.ts";
import { post } from "./post.ts";
import { channelsOf } from "./member.ts";
import { RELAY_VERSION } from "./version.ts";

/** Handles one frame; returns a promise if that takes a moment. */
export function handleFrame(relay: RelayContext, from: Connection, frame: FromClient): Promise<void> | undefined {
  if (frame.type === "hello") {
    welcome(relay, from, frame);
    return undefined;
  }
  if (frame.type === "join") return join(relay, from, frame);
  const guest = from.guest(frame.room);
  if (guest !== undefined && frame.type === "knock") {
    knock(relay, guest, frame);
    return undefined;
  }
  if (guest !== undefined && frame.type === "leave") {
    from.leaveLobby(guest);
    return undefined;
  }
  const member = from.member(frame.room);
  if (member === undefined) {
    from.refuse("not-joined", `This connection has not joined the room "${frame.room}".`, { room: frame.room });
    return undefined;
  }
  switch (frame.type) {
    case "post":
      return post(relay, member, frame);
    case "deliver":
      deliver(relay, member, frame);
      break;
    case "receipts":
      passReceipts(relay, member, frame);
      break;
    case "file":
      passFileStep(relay, member, frame);
      break;
    case "heal":
      passHeal(relay, member, frame);
      break;
    case "presence":
      member.facts = frame.facts; // [PRESENCE-1]
      member.room.changed(member);
      break;
    case "channels":
      member.channels = channelsOf(frame.channels); // [CHANNEL-2]
      member.room.changed(member);
      break;
    case "knock":
      answerKnock(relay, member, frame);
      break;
    case "leave":
      from.leave(member);
      break;
  }
  return undefined;
}

/** Handles one binary frame: a chunk of a file. */
export function handleChunk(relay: RelayContext, from: Connection, frame: Buffer): void {
  relay.counts.framesIn.add("chunk");
  const read = decodeChunk(frame, relay.config.limits.chunkBytes);
  if (!read.ok) return from.refuse(read.code, read.message);
  const { room, id } = read.value.header;
  const member = from.member(room);
  if (member === undefined) {
    return from.refuse("not-joined", `This connection has not joined the room "${room}".`, { room, id });
  }
  passChunk(relay, member, read.value);
}

function welcome(relay: RelayContext, from: Connection, hello: Hello): void {
  if (from.identity !== undefined) return from.refuse("bad-frame", "A connection says hello once.");
  const at = { nonce: from.nonce, host: from.host, publicUrl: relay.config.publicUrl };
  // A separate verifier: the shared one caches parsed keys, and a key says hello only once.
  const check = checkHello(hello, at, createVerifier());
  if (!check.ok) return from.close(check.close);
  const { signer } = relay;
  const welcome: Welcome = {
    type: "welcome",
    v: check.version,
    relay: `agora-relay/${RELAY_VERSION}`,
    life: relay.life,
    time: relay.clock.now(),
    features: ["lobby", "devices"],
    limits: relay.config.limits,
    ...(signer === undefined ? {} : { key: signer.key }),
    // Nobody elsewhere is told about the relay's own network. [PROOF-5]
    ...(from.at !== undefined && isLoopbackHost(new URL(hello.origin).hostname) ? { at: from.at } : {}),
  };
  if (signer === undefined || hello.nonce === undefined) {
    from.introduce(check.identity, undefined);
    return from.send(welcome);
  }
  const greeting: Greeting = { challenge: { nonce: from.nonce, v: [...VERSIONS] }, hello, welcome };
  from.introduce(check.identity, greeting);
  from.send({ ...welcome, sig: signer.sign(welcomeText(greeting)) }); // [PROOF-2]
}
