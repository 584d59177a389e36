// The first device's side of linking: it makes links, takes those who knock by one, and lets in whom its person says yes to. What a
// person decided is in the journal before it is answered, so that the same device is answered the same again. [LINKING-3]
import {
  encodeDeviceLink,
  fail,
  harmlessLine,
  keyProofText,
  linkGrantText,
  linkId,
  linkSeed,
  linkWordsText,
  MAX_DEVICE_LINK_S,
  MAX_DEVICE_NAME_CHARS,
  newLinkSecret,
  ok,
  readTicket,
  type Result,
} from "@agora/protocol";
import type { KeysPart } from "../keys/feature.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { Knocker, LobbyKeeper } from "../lobby/keeper.ts";
import { sealBox } from "./box.ts";
import { certify, mayCertify } from "./certify.ts";
import { type Asker, endOfLink, type MadeLink } from "./fold.ts";

/** A link as it stands, and who asks by it: the first one is asked about first. */
export interface OpenLink {
  readonly link: MadeLink;
  readonly end: "used" | "expired" | undefined;
  readonly asking: readonly Asker[];
}

export interface LinkKeeper {
  /** Makes a link; its word stands nowhere afterwards. */
  make(called?: string): Promise<Result<{ readonly link: MadeLink; readonly word: string }, Code>>;
  links(): readonly OpenLink[];
  /** The person has compared the words of the device with this print (or its beginning): yes, or no. */
  decide(print: string, isYes: boolean): Promise<Result<Asker, Code>>;
  /** Calls it when somebody asks, or a link ends; gives a function that ends that. */
  onChange(fn: () => void): () => void;
  sentences(): readonly string[];
}

type Code = "not-allowed" | "disk" | "unknown-recipient" | "ambiguous";

/** Who may wait for the person's word by one link: whoever has another one finds its places free. */
const MAX_ASKING = 8;
const NO_NAME = "a browser";
const TOO_OLD =
  "This relay is too old to link a browser by a link: have it updated, or link a computer by its code (agora link there).";
const NOT_HERE = "The relay is not reached, and a link needs it: try again when agora status says joined.";
const GONE = "Nobody with these words asks to be linked: the link may be used or expired (agora link makes a new one).";
const SEVERAL = "Several begin so: give more of it.";

/** Makes the keeper. */
export function createLinkKeeper(
  kernel: Kernel,
  keys: KeysPart,
  lobby: Pick<LobbyKeeper, "forDevices" | "answer">,
): LinkKeeper {
  const { store, me, myKey, room, roomTime, clock, verifier, options, settings, log, notices } = kernel;
  const listeners = new Set<() => void>();
  /** Who waits for the person's word: it asks again after whatever happens, so that it needs no journal. */
  const waiting = new Map<string, { readonly link: string; readonly asker: Asker; readonly about: string }>();

  const changed = (): void => {
    kernel.tell.controls();
    for (const fn of [...listeners]) fn();
  };
  const links = (): readonly OpenLink[] =>
    Object.values(store.state.links).map((link) => {
      const end = endOfLink(link, roomTime.now());
      const asking = end !== undefined ? [] : [...waiting.values()].filter((one) => one.link === link.id);
      return { link, end, asking: asking.map(({ asker }) => asker) };
    });
  const answer = (
    asker: Asker,
    about: string,
    said: Omit<Parameters<typeof lobby.answer>[1], "about">,
  ): Promise<void> => lobby.answer({ name: me, key: asker.member }, { about, ...said });
  const refuse = (asker: Asker, about: string, code: string): Promise<void> =>
    answer(asker, about, { state: "refused", code });

  /** By what this member is in the room: the grant that it was given, if it came by an invite that is none for long. */
  const token = (): string =>
    readTicket(settings.token) === undefined ? settings.token : (store.state.letIn?.grant ?? settings.token);
  /** Certifies the device and gives it what it needs. */
  const letIn = async (asker: Asker, about: string): Promise<Result<unknown, Code>> => {
    const { key, proof, called: name } = asker;
    const certified = await certify(kernel, keys, { key, proof, name });
    if (!certified.ok) return certified;
    const [root, relayKey] = [kernel.root(), kernel.relayKey()];
    const text = JSON.stringify({
      token: token(),
      ...(root === undefined ? {} : { root }),
      ...(relayKey === undefined ? {} : { relayKey }),
      statements: certified.value,
    });
    const device = await sealBox(asker.box, { member: asker.member, device: key }, text);
    await answer(asker, about, { state: "admitted", device });
    return ok(undefined);
  };

  /** Undefined: it proves no key for this person. [KEYCHAIN-2] */
  const askerOf = ({ key: member, device, lobby: { claim = "" } }: Knocker, link: MadeLink): Asker | undefined => {
    const { person } = options;
    const root = person?.root?.key;
    if (device === undefined || root === undefined) return undefined;
    const { key, proof, box } = device;
    const about = {
      origin: person!.origin,
      room,
      by: root,
      iat: 0,
      act: "certify",
      as: "device",
      key,
      name: me,
    } as const;
    if (!verifier.verify(key, keyProofText(about), proof)) return undefined;
    const by = { name: me, key: myKey };
    const print = verifier.sha256(linkWordsText({ root, by, claim }, { member, device: key, box }));
    const called = link.called ?? harmlessLine(device.called?.trim() ?? "", MAX_DEVICE_NAME_CHARS);
    return { print, member, key, proof, box, called: called === "" ? NO_NAME : called, at: clock.now() };
  };
  const hear = async (who: Knocker, link: MadeLink): Promise<void> => {
    const asker = askerOf(who, link);
    const { about } = who;
    if (asker === undefined) return lobby.answer(who, { about, state: "refused", code: "no-right" });
    if (link.refused.includes(asker.print)) return refuse(asker, about, "refused");
    if (link.used?.print === asker.print) {
      const again = await letIn(link.used, about);
      return again.ok ? undefined : refuse(asker, about, "no-right");
    }
    const end = endOfLink(link, roomTime.now());
    if (end === "used")
      notices.setCaused(
        `link:${link.id}`,
        "Another browser came with the link by which you had linked a device: it was not let in, but somebody else has seen that link.",
      );
    if (end !== undefined) return refuse(asker, about, end);
    const known = waiting.get(asker.print);
    const others = [...waiting.values()].filter((one) => one.link === link.id);
    if (known === undefined && others.length >= MAX_ASKING) return refuse(asker, about, "refused");
    waiting.set(asker.print, { link: link.id, asker: known?.asker ?? asker, about });
    log.info("device-asks", { link: link.id });
    changed();
    return answer(asker, about, { state: "waits" });
  };
  lobby.forDevices((who) => {
    const link = store.state.links[who.lobby.jti];
    if (link === undefined || who.name !== me || who.device === undefined) return false;
    hear(who, link).catch((error: unknown) => log.warn("device-link", { message: String(error) }));
    return true;
  });

  /** Its time is over: nobody is asked about any more. */
  const end = ({ id }: MadeLink): void => {
    for (const [print, one] of waiting) if (one.link === id) waiting.delete(print);
    changed();
  };
  return {
    links,
    async make(called) {
      const may = mayCertify(kernel, keys);
      if (!may.ok) return may;
      if (kernel.connection().state !== "joined" || options.inviteKeys === undefined)
        return fail("not-allowed", NOT_HERE);
      if (!kernel.hasFeature("lobby") || !kernel.hasFeature("devices")) return fail("not-allowed", TOO_OLD);
      const secret = newLinkSecret();
      const claim = options.inviteKeys.keyOf(linkSeed(secret, verifier));
      const iat = Math.floor(roomTime.now() / 1_000);
      const by = { name: me, key: myKey };
      const text = linkGrantText({ iat, by, room }, claim);
      const sig = "sign" in options.signer ? options.signer.sign(text) : await options.signer.signLater(text);
      const name = called === undefined ? {} : { called };
      const link: MadeLink = { id: linkId(claim), at: clock.now(), exp: iat + MAX_DEVICE_LINK_S, ...name, refused: [] };
      const kept = store.in({ op: "device-link", link });
      if (!kept.ok) return kept;
      clock.after(link.exp * 1_000 - roomTime.now(), () => end(link));
      changed();
      const { root, origin } = may.value;
      return ok({ link, word: encodeDeviceLink({ secret, iat, by, room, root, origin, sig }) });
    },
    async decide(print, isYes) {
      const found = [...waiting.values()].filter(({ asker }) => asker.print.startsWith(print));
      const [one] = found;
      const link = one === undefined ? undefined : store.state.links[one.link];
      if (one === undefined || link === undefined || print === "") return fail("unknown-recipient", GONE);
      if (found.length > 1) return fail("ambiguous", SEVERAL);
      const { asker, about } = one;
      if (endOfLink(link, roomTime.now()) !== undefined) return fail("unknown-recipient", GONE);
      if (!isYes) {
        const kept = store.in({ op: "device-refused", id: link.id, print: asker.print });
        if (!kept.ok) return kept;
        waiting.delete(asker.print);
        await refuse(asker, about, "refused");
        changed();
        return ok(asker);
      }
      const may = mayCertify(kernel, keys);
      if (!may.ok) return may;
      const kept = store.in({ op: "device-linked", id: link.id, asker });
      if (!kept.ok) return kept;
      waiting.delete(asker.print);
      for (const other of [...waiting.values()].filter((o) => o.link === link.id))
        await refuse(other.asker, other.about, "used");
      const done = await letIn(asker, about);
      end(link);
      return done.ok ? ok(asker) : done;
    },
    onChange(fn) {
      listeners.add(fn);
      return () => void listeners.delete(fn);
    },
    sentences: () =>
      links().flatMap(({ asking }) =>
        asking.map(
          ({ called }) =>
            `${called} asks to be linked as your device: agora link shows its six words; say yes only if they are the same there.`,
        ),
      ),
  };
}
