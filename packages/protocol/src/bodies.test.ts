import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  CHANNEL_ACTS,
  channelActSchema,
  CONTROL_ACTS,
  type Control,
  controlSchema,
  fileOfferSchema,
  readBody,
} from "./bodies.ts";
import { isWhole } from "./control-order.ts";

const offer = { name: "plan.md", size: 5, sha256: "0".repeat(64) };

test("the offer of a file has a name, a size and a sum [FILE-2]", () => {
  expect(readBody(fileOfferSchema, JSON.stringify(offer))).toEqual(offer);
  expect(readBody(fileOfferSchema, JSON.stringify({ ...offer, media: "text/plain", text: "Look.", more: 1 }))).toEqual({
    ...offer,
    media: "text/plain",
    text: "Look.",
  });
  for (const wrong of [
    { name: "" },
    { name: "x".repeat(256) },
    { size: -1 },
    { size: 1e300 },
    { sha256: "ABC" },
    { sha256: "G".repeat(64) },
  ]) {
    expect(readBody(fileOfferSchema, JSON.stringify({ ...offer, ...wrong }))).toBeUndefined();
  }
});

test("what is done in a channel has one of the acts, and a topic a length [CHANNEL-6]", () => {
  for (const act of CHANNEL_ACTS)
    expect(readBody(channelActSchema, JSON.stringify({ act, text: "x", more: 1 }))).toEqual({ act, text: "x" });
  const wrong = [
    { act: "close" },
    { act: "topic", text: "x".repeat(301) },
    { act: "remove", member: "all" },
    { key: "x" },
    7,
  ];
  for (const body of wrong) expect(readBody(channelActSchema, JSON.stringify(body))).toBeUndefined();
});

test("a control has one of the acts; what does not fit its place is none [CONTROL-1] [CONTROL-8]", () => {
  for (const act of CONTROL_ACTS) {
    expect(readBody(controlSchema, JSON.stringify({ act, grant: "a.b.c" }))).toEqual({ act, grant: "a.b.c" });
  }
  expect(readBody(controlSchema, JSON.stringify({ act: "obey", grant: "a.b.c" }))).toBeUndefined();
  for (const wrong of [{ rate: { burst: 0, perSecond: 1 } }, { seat: "person" }, { member: "all" }, { key: "x" }])
    expect(readBody(controlSchema, JSON.stringify({ act: "pause", ...wrong }))).toBeUndefined();
  const [member, rate] = ["bob", { burst: 1, perSecond: 1 }];
  const whole: Control[] = [
    { act: "pause" },
    { act: "pause", member },
    { act: "stop" },
    { act: "kick", member },
    { act: "interrupt", member, seat: "claude" },
    { act: "inject", text: "x" },
    { act: "rates", rate },
    { act: "rates", member },
  ];
  expect(whole.map(isWhole)).toEqual(whole.map(() => true));
  const not: Control[] = [
    { act: "kick" },
    { act: "ban" },
    { act: "interrupt" },
    { act: "stop", member },
    { act: "reset", seat: "claude" },
    { act: "pause", seat: "claude" },
    { act: "inject" },
  ];
  expect(not.map(isWhole)).toEqual(not.map(() => false));
});

test("any text is a body or none, without throwing [FILE-2] [CONTROL-1]", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.json()), (body) => {
      expect(readBody(fileOfferSchema, body)).toBeUndefined();
      expect(readBody(controlSchema, body)).toBeUndefined();
    }),
  );
});
